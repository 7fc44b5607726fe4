/** What the charts show: one column of times, and for every connector a column of lag and one of rate. */
export interface Series {
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  /** By connector id, milliseconds; null where it was not known. */
  readonly lagMs: ReadonlyMap<string, readonly (number | null)[]>;
  readonly ratePerSecond: ReadonlyMap<string, readonly (number | null)[]>;
}

export interface Reading {
  readonly lagMs: number | null;
  readonly ratePerSecond: number | null;
}

/** How far back the charts go, seconds. */
export const SERIES_SECONDS = 15 * 60;

export const EMPTY_SERIES: Series = { times: [], lagMs: new Map(), ratePerSecond: new Map() };

/** Adds one sample of every connector and drops what is older than {@link SERIES_SECONDS}. */
export function appendSample(series: Series, atSeconds: number, readings: ReadonlyMap<string, Reading>): Series {
  const start = series.times.findIndex((time) => time > atSeconds - SERIES_SECONDS);
  const from = start < 0 ? series.times.length : start;
  const times = [...series.times.slice(from), atSeconds];
  const column = (
    columns: ReadonlyMap<string, readonly (number | null)[]>,
    pick: (reading: Reading) => number | null,
  ): ReadonlyMap<string, readonly (number | null)[]> => {
    const next = new Map<string, readonly (number | null)[]>();
    for (const id of new Set([...columns.keys(), ...readings.keys()])) {
      const reading = readings.get(id);
      const known = columns.get(id)?.slice(from) ?? Array.from({ length: times.length - 1 }, () => null);
      const values = [...known, reading === undefined ? null : pick(reading)];
      if (values.some((value) => value !== null) || reading !== undefined) next.set(id, values);
    }
    return next;
  };
  return {
    times,
    lagMs: column(series.lagMs, (reading) => reading.lagMs),
    ratePerSecond: column(series.ratePerSecond, (reading) => reading.ratePerSecond),
  };
}
