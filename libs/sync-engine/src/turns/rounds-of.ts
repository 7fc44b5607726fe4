/**
 * Takes one item of each open source at a time, side by side, until every source has ended: what a round holds is bounded
 * by how many are open. Sources that are not at their end are closed when the caller stops.
 * @param maxOpen the next source is opened when one of so many has ended; 1 or more
 */
export async function* roundsOf<T>(
  sources: readonly AsyncIterable<T>[],
  maxOpen: number,
): AsyncGenerator<readonly T[]> {
  const waiting = [...sources];
  const open = new Set<AsyncIterator<T>>();
  try {
    for (;;) {
      for (const source of waiting.splice(0, maxOpen - open.size)) open.add(source[Symbol.asyncIterator]());
      if (open.size === 0) return;
      const steps = await Promise.all([...open].map(async (iterator) => ({ iterator, step: await iterator.next() })));
      const round: T[] = [];
      for (const { iterator, step } of steps) {
        if (step.done === true) open.delete(iterator);
        else round.push(step.value);
      }
      if (round.length > 0) yield round;
    }
  } finally {
    await Promise.all([...open].map(async (iterator) => iterator.return?.()));
  }
}
