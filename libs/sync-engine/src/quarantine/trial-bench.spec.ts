import * as fc from 'fast-check';
import type { PartitionState } from '@lockstep/contracts';
import { TrialBench, type TriedLease } from './trial-bench.js';

const RULES = { after: 5, trialMs: 60_000 };
const LOOK_MS = 1_000;
const START = Date.parse('2026-01-15T09:30:00.000Z');

/** A partition's document, as far as it matters here. */
class Partition {
  state = { lease: null, deaths: undefined } as unknown as PartitionState;
  holder: FleetWorker | null = null;

  constructor(
    readonly name: string,
    /** How long a worker lives with it, milliseconds; null: it harms nobody. */
    readonly kills: number | null,
  ) {}

  get deaths(): number {
    return this.state.deaths?.count ?? 0;
  }
}

class FleetWorker {
  readonly bench: TrialBench;
  diesAtMs = Infinity;

  constructor(readonly fleet: Fleet) {
    const clock = { nowMs: () => START + fleet.nowMs, monotonicMs: () => fleet.nowMs };
    this.bench = new TrialBench(RULES, clock);
  }

  async look(partitions: readonly Partition[]): Promise<void> {
    await this.bench.look();
    for (const partition of partitions.filter(({ holder }) => holder === null)) this.claim(partition);
  }

  private claim(partition: Partition): void {
    const { fleet } = this;
    if (!this.bench.admits(partition.state)) return;
    partition.holder = this;
    if (partition.state.lease !== null) {
      const lastAt = new Date(START + fleet.nowMs).toISOString();
      partition.state = { ...partition.state, deaths: { count: partition.deaths + 1, lastAt } };
    }
    partition.state = { ...partition.state, lease: { workerId: 'w', incarnation: 'i' } };
    const lease: TriedLease = {
      partition: partition.name,
      get state() {
        return partition.state;
      },
      isHeld: () => partition.holder === this,
      save: (change) => Promise.resolve((partition.state = change(partition.state))),
    };
    if (this.bench.begin(lease) === null) {
      if (partition.kills !== null) this.diesAtMs = Math.min(this.diesAtMs, fleet.nowMs + partition.kills);
    } else {
      partition.holder = null;
      partition.state = { ...partition.state, lease: null };
    }
  }
}

/** Workers that look for work one after the other, and are started anew as soon as they die. */
class Fleet {
  nowMs = 0;
  deaths = 0;
  private workers: FleetWorker[];

  constructor(
    count: number,
    private readonly partitions: readonly Partition[],
  ) {
    this.workers = Array.from({ length: count }, () => new FleetWorker(this));
  }

  /** @param orders which worker is the first to look */
  async run(untilMs: number, orders: Iterator<number>): Promise<void> {
    for (; this.nowMs < untilMs; this.nowMs += LOOK_MS) {
      this.workers = this.workers.map((worker) => (worker.diesAtMs <= this.nowMs ? this.end(worker) : worker));
      const first = (orders.next().value as number) % this.workers.length;
      const turns = [...this.workers.slice(first), ...this.workers.slice(0, first)];
      // Evenly spread: each is offered its part, then whatever is left.
      for (const [n, worker] of turns.entries()) {
        await worker.look(this.partitions.filter((_, index) => index % turns.length === n));
      }
      for (const worker of turns) await worker.look(this.partitions);
    }
  }

  killAll(): void {
    this.workers = this.workers.map((worker) => this.end(worker));
  }

  /** Like a kill: the documents go on naming the dead holder. */
  private end(worker: FleetWorker): FleetWorker {
    this.deaths += 1;
    for (const partition of this.partitions) if (partition.holder === worker) partition.holder = null;
    return new FleetWorker(this);
  }
}

const innocents = (count: number): Partition[] => Array.from({ length: count }, (_, n) => new Partition(`i${n}`, null));

describe('a fleet with connectors that end their workers', () => {
  it('singles the culprits out, with as many deaths as it takes each, and forgives all others', async () => {
    const shape = {
      workers: fc.integer({ min: 1, max: 4 }),
      innocent: fc.integer({ min: 0, max: 12 }),
      kills: fc.array(fc.integer({ min: 1, max: 50_000 }), { minLength: 1, maxLength: 2 }),
      orders: fc.infiniteStream(fc.nat(3)),
      at: fc.nat(12),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(shape), async ({ workers, innocent, kills, orders, at }) => {
        const culprits = kills.map((lifeMs, n) => new Partition(`c${n}`, lifeMs));
        const partitions = innocents(innocent);
        partitions.splice(at, 0, ...culprits);
        const fleet = new Fleet(workers, partitions);
        await fleet.run(45 * RULES.trialMs, orders);
        for (const culprit of culprits) expect(culprit).toMatchObject({ deaths: RULES.after, holder: null });
        for (const one of partitions.filter(({ kills: life }) => life === null)) {
          expect(one.deaths).toBe(0);
          expect(one.holder).not.toBeNull();
        }
        expect(fleet.deaths).toBeLessThanOrEqual(RULES.after * culprits.length);
      }),
      { numRuns: 60 },
    );
  });

  it('quarantines nobody for power cuts, and lets everybody in again', async () => {
    const partitions = innocents(40);
    const fleet = new Fleet(3, partitions);
    const orders = [0][Symbol.iterator]();
    const always: Iterator<number> = { next: () => ({ done: false, value: orders.next().value ?? 0 }) };
    for (let cut = 1; cut <= 6; cut += 1) {
      await fleet.run(cut * 20_000, always);
      fleet.killAll();
    }
    expect(Math.max(...partitions.map(({ deaths }) => deaths))).toBeLessThan(RULES.after);
    await fleet.run(30 * RULES.trialMs, always);
    for (const one of partitions) expect(one).toMatchObject({ deaths: 0, holder: expect.any(FleetWorker) as unknown });
  });
});
