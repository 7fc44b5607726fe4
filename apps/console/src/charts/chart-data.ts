/** Lines of one chart. */
export interface ChartLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** How many lines a chart draws before it becomes a tangle. */
export const MAX_LINES = 6;

/**
 * The lines of the columns that have values, named, at most {@link MAX_LINES}: those with the highest last values, in the
 * order of their names, so that lines keep their colours while values move.
 */
export function chartLines(
  columns: ReadonlyMap<string, readonly (number | null)[]>,
  nameOf: (id: string) => string,
): readonly ChartLine[] {
  const lines = [...columns]
    .filter(([, values]) => values.some((value) => value !== null))
    .map(([id, values]) => ({ label: nameOf(id), values }));
  const highest = [...lines].sort((a, b) => (b.values.at(-1) ?? -1) - (a.values.at(-1) ?? -1)).slice(0, MAX_LINES);
  return highest.sort((a, b) => a.label.localeCompare(b.label));
}

/** The last value that is known of a line; null where there is none. */
export function lastKnown(values: readonly (number | null)[]): number | null {
  return values.findLast((value) => value !== null) ?? null;
}
