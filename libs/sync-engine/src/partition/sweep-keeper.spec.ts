import type { BindingState, PartitionState, SeqNoMarks } from '@lockstep/contracts';
import { beginScan, withSuspension, withTakenUp } from '../checkpoint/partition-transitions.js';
import type { PartitionContext } from './partition-context.js';
import { SweepKeeper } from './sweep-keeper.js';

const NOW = (1_900_000_000n << 32n) | 1n;
const binding = (scanNumber: number, scan: BindingState['scan']): BindingState => ({
  ...{ collection: 'orders', index: 'orders', collectionUuid: 'c', indexUuid: 'i', suspension: null },
  scanNumber,
  scan,
});
const marked = (upTo: string | null, seqNoMarks: SeqNoMarks): NonNullable<BindingState['scan']> =>
  beginScan({ isInitial: false, upTo, estimatedTotal: 0, seqNoMarks });

/** An index and a collection that the keeper looks at; nothing of the two is a server. */
class World {
  state: PartitionState;
  /** Ids in the index, by the sequence number of their last write. */
  readonly index: Map<string, number>;

  constructor(
    scan: BindingState['scan'],
    index: Readonly<Record<string, number>>,
    public source: ReadonlySet<string>,
  ) {
    this.index = new Map(Object.entries(index));
    this.state = { bindings: { orders: binding(4, scan) } } as unknown as PartitionState;
  }

  get context(): PartitionContext {
    const { index } = this;
    const state = (): PartitionState => this.state;
    const absent = (ids: readonly string[]): string[] => ids.filter((id) => !this.source.has(id));
    const counted = { indexed: 0, deleted: 1, conflicts: 0, deadLettered: 0, retried: 0 };
    return {
      connector: { id: 'con', config: { source: { database: 'd' }, sink: { brakeRatio: 0.2 } } },
      lease: {
        get state() {
          return state();
        },
      },
      checkpoint: {
        readsFrom: NOW,
        save: (change: (before: PartitionState) => PartitionState) => {
          this.state = change(this.state);
          return Promise.resolve();
        },
      },
      targets: new Map([['orders', { index: 'orders', binding: { collection: 'orders' } }]]),
      ledger: {
        ...{ meter: () => undefined, jobFor: () => undefined, report: () => Promise.resolve() },
        ...{ readBulk: () => Promise.resolve(null), tellBulk: () => Promise.resolve() },
      },
      events: { emit: () => undefined },
      clock: { monotonicMs: () => 0, nowMs: () => 0 },
      settings: { scanTurnMs: 5_000 },
      status: { set: () => undefined, clear: () => undefined },
      conflicts: { wrote: () => undefined },
      source: {
        majorityTime: () => Promise.resolve(NOW),
        findAbsent: ({ ids }: { ids: readonly string[] }) =>
          Promise.resolve({ absent: absent(ids), undecodable: [], readTime: NOW }),
      },
      sink: {
        refresh: () => Promise.resolve(),
        count: () => Promise.resolve(index.size),
        originalIds: () => Promise.resolve(new Map()),

        walkRefused: async function* () {
          yield* [];
        },

        walkIds: async function* ({ seqNoMarks }: { seqNoMarks: SeqNoMarks }) {
          yield [...index].filter(([, seqNo]) => seqNo <= (seqNoMarks[0] ?? -1)).map(([id]) => id);
        },
        write: ({ writes }: { writes: readonly { batch: { documents: readonly { id: string }[] } }[] }) => {
          for (const { batch } of writes) for (const { id } of batch.documents) index.delete(id);
          return Promise.resolve(counted);
        },
      },
    } as unknown as PartitionContext;
  }
}

describe('a sweep, turn by turn', () => {
  it('is not carried over to the next scan of a collection that was dropped meanwhile', async () => {
    const kept = { a: 11, b: 12, c: 13, d: 14, e: 15, f: 16 };
    const world = new World(
      { ...marked('z', { 0: 5 }), isScanned: true },
      { old: 3, ...kept },
      new Set(Object.keys(kept)),
    );
    const sweeps = new SweepKeeper(
      world.context,
      { areNone: true, seqNoMarks: () => [] },
      new AbortController().signal,
    );
    await sweeps.turn('orders');
    expect([...world.index.keys()]).toEqual(Object.keys(kept));
    // The stream tells of a drop before the sweep has its last turn, and the policy wants the target emptied.
    world.source = new Set();
    const dropped = withSuspension(world.state, 'orders', { operation: 'drop', since: '', isTold: true });
    const emptied = { ...marked(null, { 0: 16 }), isRemovalWanted: true };
    world.state = withTakenUp(dropped, [binding(5, emptied)]);
    await sweeps.dropUndue();
    await sweeps.turn('orders');
    await sweeps.turn('orders');
    expect([...world.index.keys()]).toEqual([]);
    expect(world.state.bindings.orders?.scan?.isSwept).toBe(true);
  });

  it('looks at what any partition wrote before its own part was read', async () => {
    const world = new World(
      { ...marked('z', { 0: 5 }), isScanned: true },
      { a: 1, gone: 8, b: 9, c: 10, d: 11, e: 12 },
      new Set('abcde'),
    );
    const sweeps = new SweepKeeper(
      world.context,
      { areNone: false, seqNoMarks: () => [{ 0: 8 }] },
      new AbortController().signal,
    );
    await sweeps.turn('orders');
    await sweeps.turn('orders');
    expect([...world.index.keys()]).toEqual(['a', 'b', 'c', 'd', 'e']);
  });
});
