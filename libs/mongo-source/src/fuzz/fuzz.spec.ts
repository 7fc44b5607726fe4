import * as fc from 'fast-check';
import { fuzz, type FuzzFinding, type FuzzStep } from './fuzz.fixture.js';
import { fuzzTarget, type FuzzTarget } from './fuzz-target.fixture.js';
import { changed, someChanges } from './hostile-bytes.fixture.js';

/** Wrong for about one input in three thousand, and for none that is special. */
const planted = fuzzTarget({
  name: 'planted',
  input: fc.nat(1_000_000),
  judge: () => (n) => {
    if (n % 3_001 === 1_777) throw new Error(`wrong for ${n}`);
    return 1;
  },
});
const right = fuzzTarget({ name: 'right', input: fc.nat(), judge: () => () => 3 });

function steps(targets: readonly FuzzTarget[], seed: number, count: number): FuzzStep[] {
  const all: FuzzStep[] = [];
  for (const step of fuzz(targets, seed)) {
    all.push(step);
    if (all.length === count) break;
  }
  return all;
}

const finding = (all: readonly FuzzStep[]): FuzzFinding =>
  all.map((step) => step.finding).find((found) => found !== null)!;

describe('fuzz', () => {
  it('asks each target in turn and counts what was executed', () => {
    const all = steps([right, planted], 1, 4);
    expect(all.map((step) => step.target)).toEqual(['right', 'planted', 'right', 'planted']);
    expect(all[0]).toEqual({ target: 'right', executions: 600, finding: null });
  });

  it('finds what is wrong, and again in the first round of the seed that it names', () => {
    const found = finding(steps([right, planted], 2, 2_000));
    expect(found).toMatchObject({ target: 'planted', message: expect.stringMatching(/^wrong for \d+$/) });
    expect(found.seed).not.toBe(2);
    expect(finding(steps([right, planted], found.seed, 2))).toEqual(found);
  });

  it('goes on with the others behind a finding, and ends when none is left', () => {
    const all = steps([right, planted], 2, 2_000);
    const foundAt = all.findIndex((step) => step.finding !== null);
    expect(all.slice(foundAt + 1).every((step) => step.target === 'right')).toBe(true);
    expect(all).toHaveLength(2_000);
    expect(steps([planted], 2, 2_000).at(-1)!.finding).not.toBeNull();
  });

  it('is the same for the same seed, and other inputs in each round', () => {
    const inputs: string[] = [];
    const listening = fuzzTarget({ name: 'listening', input: fc.nat(), judge: () => (n) => inputs.push(String(n)) });
    steps([listening], 3, 5);
    const first = inputs.splice(0);
    steps([listening], 3, 5);
    expect(inputs).toEqual(first);
    const rounds = Array.from({ length: 5 }, (_, i) => first.slice(i * 200, i * 200 + 200).join());
    expect(new Set(rounds).size).toBe(5);
  });
});

describe('changed bytes', () => {
  it('are changed everywhere, beginning and end as often as the rest', () => {
    const original = Buffer.alloc(64, 0x55);
    const hits = Array.from({ length: 64 }, () => 0);
    for (const changes of fc.sample(someChanges, { numRuns: 6_400, seed: 21 })) {
      const bytes = changed(original, [{ ...changes[0]!, kind: 'flip' }]);
      hits[bytes.findIndex((byte) => byte !== 0x55)]!++;
    }
    expect(Math.min(...hits)).toBeGreaterThan(30);
    expect(Math.max(...hits)).toBeLessThan(600);
  });

  it('leave the original as it is', () => {
    const original = Buffer.from([1, 2, 3]);
    for (const changes of fc.sample(someChanges, { numRuns: 500, seed: 22 })) changed(original, changes);
    expect([...original]).toEqual([1, 2, 3]);
  });
});
