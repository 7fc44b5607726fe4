/**
 * Takes one item of each source at a time, all of them side by side, until every source has ended: what a round
 * holds is bounded by the number of sources. Sources that are not at their end are closed when the caller stops.
 */
export async function* roundsOf<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<readonly T[]> {
  const open = new Set(sources.map((source) => source[Symbol.asyncIterator]()));
  try {
    while (open.size > 0) {
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
