import * as fc from 'fast-check';
import { excess, mayClaim, type ShareView, type WorkerLoad } from './fair-share.js';

const view = (own: number, others: readonly number[], wanted: number): ShareView => ({
  own: { workerId: 'w0', held: own },
  others: others.map((held, n) => ({ workerId: `w${n + 1}`, held })),
  wanted,
});

describe('fair share', () => {
  it.each([
    ['a worker alone takes everything', view(6, [], 7), true],
    ['and nothing more than there is', view(7, [], 7), false],
    ['below the even share, whatever others hold', view(1, [0, 0], 6), true],
    ['not above it', view(2, [0, 0], 6), false],
    ['one of the rest', view(2, [2, 2], 7), true],
    ['not while somebody has fewer', view(2, [1, 2], 7), false],
    ['a single partition goes to whoever is first', view(0, [0, 0], 1), true],
  ])('claims: %s', (_, given, expected) => {
    expect(mayClaim(given)).toBe(expected);
  });

  it.each([
    ['nothing while the shares are even', view(2, [3, 2], 7), 0],
    ['everything above the even share', view(7, [0], 7), 3],
    ['one, where another has less than the even share', view(2, [2, 0], 4), 1],
    ['nothing where it has the even share itself', view(1, [2, 0], 4), 0],
    ['nothing where there are fewer partitions than workers', view(1, [0, 0], 1), 0],
  ])('gives back: %s', (_, given, expected) => {
    expect(excess(given)).toBe(expected);
  });

  it('of two that could help a third one gives back', () => {
    const loads: WorkerLoad[] = [
      { workerId: 'a', held: 2 },
      { workerId: 'b', held: 2 },
      { workerId: 'c', held: 0 },
    ];
    const given = loads.map((own) => excess({ own, others: loads.filter((other) => other !== own), wanted: 4 }));
    expect(given).toEqual([1, 0, 0]);
  });

  it('leads any spread to an even one and then rests, with loads of others from before', () => {
    const spread = fc.array(fc.nat(12), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(spread, fc.nat(20), fc.infiniteStream(fc.nat(5)), (held, unheld, orders) => {
        const wanted = held.reduce((sum, count) => sum + count, unheld);
        const world = new World([...held], unheld, wanted);
        for (let round = 0; round < 60; round += 1) world.look(orders.next().value as number);
        expect(Math.max(...world.held) - Math.min(...world.held)).toBeLessThanOrEqual(1);
        expect(world.unheld).toBe(0);
        const settled = [...world.held];
        for (let round = 0; round < 20; round += 1) world.look(round % 6);
        expect(world.held).toEqual(settled);
      }),
      { numRuns: 300 },
    );
  });
});

/** Workers that look one after the other, each in turn the first, and see the others as the round before left them. */
class World {
  private before: readonly number[];

  constructor(
    readonly held: number[],
    public unheld: number,
    private readonly wanted: number,
  ) {
    this.before = [...held];
  }

  look(first: number): void {
    const seen = this.before;
    this.before = [...this.held];
    this.held.forEach((_, step) => this.act((step + first) % this.held.length, seen));
  }

  private act(n: number, seen: readonly number[]): void {
    const view = (): ShareView => ({
      own: { workerId: `w${n}`, held: this.held[n]! },
      others: seen.flatMap((held, other) => (other === n ? [] : [{ workerId: `w${other}`, held }])),
      wanted: this.wanted,
    });
    const given = excess(view());
    this.held[n]! -= given;
    this.unheld += given;
    if (given > 0) return;
    while (this.unheld > 0 && mayClaim(view())) {
      this.held[n]! += 1;
      this.unheld -= 1;
    }
  }
}
