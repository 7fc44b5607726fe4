import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const DATA = fileURLToPath(new URL('../../node_modules/vega-datasets/data', import.meta.url));
const read = (name) => readFileSync(join(DATA, name), 'utf8');

/** Films with their real mess: titles that are numbers, dates as free text, nulls. The title is no key: there is none. */
export function films() {
  return JSON.parse(read('movies.json')).map((film, ordinal) => ({ _id: ordinal + 1, ...film }));
}

/** Airports; the IATA code is the key. Numbers stay doubles. */
export function airports() {
  const [head, ...lines] = read('airports.csv').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = splitCsv(line);
    const airport = Object.fromEntries(names.map((name, i) => [name, values[i]]));
    const { iata, latitude, longitude, ...rest } = airport;
    return { _id: iata, ...rest, location: { lat: Number(latitude), lon: Number(longitude) } };
  });
}

/** Earthquakes as GeoJSON features; times become dates. */
export function earthquakes() {
  return JSON.parse(read('earthquakes.json')).features.map(({ id, properties, geometry }) => ({
    _id: id,
    ...properties,
    time: new Date(properties.time),
    updated: new Date(properties.updated),
    geometry,
  }));
}

/** Splits one CSV line with quoted fields. @param {string} line */
function splitCsv(line) {
  const values = [];
  for (const match of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)) {
    values.push(match[1] === undefined ? match[2] : match[1].replaceAll('""', '"'));
  }
  return values;
}
