import { SeededRandom } from './seeded-random';

describe('a seeded generator', () => {
  const list = Array.from({ length: 50 }, (_, i) => i);

  it('gives the same for the same seed, and something else for another', () => {
    const shuffled = (seed: number): number[] => new SeededRandom(seed).shuffled(list);
    expect(shuffled(7)).toEqual(shuffled(7));
    expect(shuffled(7)).not.toEqual(shuffled(8));
    expect(shuffled(7).sort((a, b) => a - b)).toEqual(list);
  });

  it('picks by weight', () => {
    const random = new SeededRandom(1);
    const counts = { often: 0, seldom: 0, never: 0 };
    for (let i = 0; i < 10_000; i += 1) counts[random.pickWeighted({ often: 9, seldom: 1, never: 0 })] += 1;
    expect(counts.never).toBe(0);
    expect(counts.often / counts.seldom).toBeGreaterThan(7);
    expect(counts.often / counts.seldom).toBeLessThan(12);
  });
});
