import { roundsOf } from './rounds-of.js';

async function* source(closed: string[], ...items: string[]): AsyncGenerator<string> {
  try {
    for (const item of items) yield await Promise.resolve(item);
  } finally {
    closed.push(items.join(''));
  }
}

async function rounds(...sources: AsyncIterable<string>[]): Promise<string[]> {
  const seen: string[] = [];
  for await (const round of roundsOf(sources, 4)) seen.push(round.join(''));
  return seen;
}

describe('rounds of several sources', () => {
  it('take one item of each, until all have ended', async () => {
    expect(await rounds(source([], 'a', 'b', 'c'), source([], '1'), source([], 'x', 'y'))).toEqual(['a1x', 'by', 'c']);
    expect(await rounds()).toEqual([]);
  });

  it('have no more sources open at a time than they may', async () => {
    let [open, most] = [0, 0];
    const counted = async function* (items: readonly string[]): AsyncGenerator<string> {
      open += 1;
      most = Math.max(most, open);
      for (const item of items) yield await Promise.resolve(item);
      open -= 1;
    };
    const sources = Array.from({ length: 50 }, (_, n) =>
      counted(Array.from({ length: 1 + (n % 3) }, (__, i) => `${n}.${i}`)),
    );
    const seen: string[] = [];
    for await (const round of roundsOf(sources, 4)) seen.push(...round);
    expect(seen).toHaveLength(99);
    expect(new Set(seen).size).toBe(99);
    expect([open, most]).toEqual([0, 4]);
  });

  it('close what is open when the caller stops', async () => {
    const closed: string[] = [];
    for await (const round of roundsOf([source(closed, 'a', 'b'), source(closed, '1', '2')], 4)) {
      if (round.length > 0) break;
    }
    expect(closed.sort()).toEqual(['12', 'ab']);
  });

  it('tell the first failure and close the others', async () => {
    const closed: string[] = [];
    const failing: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Error('gone')) }),
    };
    await expect(rounds(source(closed, 'a', 'b'), failing)).rejects.toThrow('gone');
    expect(closed).toEqual(['ab']);
  });
});
