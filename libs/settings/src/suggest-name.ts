/** Optimal string alignment distance: one swap of neighbours, insertion, deletion or change counts 1. */
function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + cost, swap);
    }
  }
  return at(a.length, b.length);
}

const words = (name: string): readonly string[] => name.split('_').filter((word) => word !== '');

/**
 * The known name that was probably meant, or null when none is near. Near is: a few typing errors, or
 * the same words in another order or with one missing (`LOCKSTEP_ES_URL` has no near name by letters).
 */
export function suggestName(name: string, known: readonly string[]): string | null {
  const limit = Math.max(2, Math.floor(name.length / 5));
  let best: { name: string; score: number } | null = null;
  for (const candidate of known) {
    const shared = words(candidate).filter((word) => words(name).includes(word)).length;
    const longest = Math.max(words(candidate).length, words(name).length);
    const letters = distance(name, candidate);
    const score = shared >= longest - 1 && shared >= 2 ? Math.min(letters, limit) : letters;
    if (score <= limit && (best === null || score < best.score)) best = { name: candidate, score };
  }
  return best?.name ?? null;
}
