import { existsSync, readFileSync } from 'node:fs';

const FIRST = 1;
const LAST = 139;
const page = readFileSync('docs/cases.md', 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!---|case|what)/.test(line));
/** `file › title` */
const named = [...page.matchAll(/`([^`]+\.ts) › ([^`]+)`/g)].map(([, file, title]) => [file!, title!] as const);

/** True when a test or a group of tests has this title. */
function hasTest(file: string, title: string): boolean {
  if (!existsSync(file)) return false;
  const source = readFileSync(file, 'utf8');
  return ["'", '"', '`'].some((quote) => {
    const at = source.indexOf(quote + title + quote);
    // Behind `it(`, `describe(` or the `](` of a table.
    return at !== -1 && /(?:\b(?:it|describe)|\]\)|\)|\])\(\s*$/.test(source.slice(Math.max(0, at - 40), at));
  });
}

describe('docs/cases.md', () => {
  it('has every case once, in order', () => {
    const numbers = rows.map((row) => Number(/^\| (\d+) \|/.exec(row)?.[1])).filter((number) => !Number.isNaN(number));
    expect(numbers).toEqual(Array.from({ length: LAST - FIRST + 1 }, (_, i) => FIRST + i));
  });

  it('says for every row which test shows it, or why none does', () => {
    expect(rows.filter((row) => !/\.ts › |\*open\*|\*not here\*: \S/i.test(row))).toEqual([]);
  });

  it('marks the tests that `make test` does not run', () => {
    const marked = [...page.matchAll(/`(test\/chaos\/[^`]+)` \(`make chaos`\)/g)].map(([, test]) => test);
    const chaotic = named.filter(([file]) => file.startsWith('test/chaos/'));
    expect(chaotic.map((pair) => pair.join(' › '))).toEqual(marked);
  });

  it('names tests that exist', () => {
    expect(named.length).toBeGreaterThan(80);
    expect(named.filter(([file, title]) => !hasTest(file, title)).map((pair) => pair.join(' › '))).toEqual([]);
  });

  it('would find a test that does not exist', () => {
    expect(hasTest('test/integration/docs/cases.test.ts', 'has every case once, in order')).toBe(true);
    expect(hasTest('test/integration/docs/cases.test.ts', 'has no case')).toBe(false);
    expect(hasTest('test/integration/docs/none.test.ts', 'has every case once, in order')).toBe(false);
  });
});
