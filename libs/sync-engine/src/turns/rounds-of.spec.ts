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
  for await (const round of roundsOf(sources)) seen.push(round.join(''));
  return seen;
}

describe('rounds of several sources', () => {
  it('take one item of each, until all have ended', async () => {
    expect(await rounds(source([], 'a', 'b', 'c'), source([], '1'), source([], 'x', 'y'))).toEqual(['a1x', 'by', 'c']);
    expect(await rounds()).toEqual([]);
  });

  it('close what is open when the caller stops', async () => {
    const closed: string[] = [];
    for await (const round of roundsOf([source(closed, 'a', 'b'), source(closed, '1', '2')])) {
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
