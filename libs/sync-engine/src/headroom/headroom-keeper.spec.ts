import { clusterTime, LockstepError } from '@lockstep/core';
import type { Condition, DomainEvent, JobProgress, OplogReading } from '@lockstep/contracts';
import type { PartitionContext } from '../partition/partition-context.js';
import { JobMeter } from '../progress/job-meter.js';
import { StatusBoard } from '../runner/status-board.js';
import { HeadroomKeeper } from './headroom-keeper.js';

const LOOK_MS = 10_000;
const start = 1_700_000_000;
const NOTHING_DONE: JobProgress = {
  ...{ phase: 'starting', done: 0, total: null, ratePerSecond: null, etaSeconds: null },
  ...{ lagMs: null, headroom: null },
};
const known = (newest: number, seconds: number): OplogReading => ({
  kind: 'known',
  oldest: clusterTime(newest - seconds, 0),
  newest: clusterTime(newest, 0),
  fullness: 1,
});

/** A keeper on a clock of its own; everything around it but the source is real or plain data. */
function setUp() {
  const ids = { connectorId: 'con_a', partition: 'con_a:1:0' };
  const world = { nowMs: 0, position: start, oplog: known(start, 100) as OplogReading | LockstepError, looks: 0 };
  const events: DomainEvent[] = [];
  const sink = { emit: (event: DomainEvent) => events.push(event) };
  const clock = { nowMs: () => world.nowMs, monotonicMs: () => world.nowMs };
  const status = new StatusBoard({ ...ids, clock, events: sink, save: async () => undefined });
  const meter = new JobMeter(clock, { type: 'bulk_sync', progress: NOTHING_DONE });
  const bulk: { job: object | null } = { job: null };
  const readOplog = async (): Promise<OplogReading> => {
    world.looks += 1;
    if (world.oplog instanceof LockstepError) throw world.oplog;
    return world.oplog;
  };
  const context = {
    connector: { id: ids.connectorId },
    lease: { partition: ids.partition },
    clock,
    events: sink,
    status,
    settings: { oplogLookMs: LOOK_MS },
    source: { readOplog },
    checkpoint: { position: { h: 0n } },
    ledger: {
      meter: () => meter,
      get bulk() {
        return bulk.job;
      },
    },
  };
  const keeper = new HeadroomKeeper(context as unknown as PartitionContext, new AbortController().signal);
  /** Lets time pass and gives the keeper its pulse, with the look that it may begin. */
  const pulse = async (atSeconds: number): Promise<void> => {
    world.nowMs = atSeconds * 1_000;
    context.checkpoint.position.h = clusterTime(world.position, 0);
    keeper.pulse();
    await new Promise(setImmediate);
    keeper.pulse();
  };
  const conditions = (): readonly Condition[] =>
    events.flatMap((event) => (event.type === 'connector.observed' ? [event.conditions] : [])).at(-1) ?? [];
  return { world, keeper, pulse, conditions, meter, bulk, headroom: () => meter.progress(0).headroom };
}

describe('the keeper of the headroom', () => {
  it('looks now and then, and computes in between', async () => {
    const { world, pulse, headroom } = setUp();
    for (const second of [0, 1, 5, 9]) await pulse(second);
    expect(world.looks).toBe(1);
    expect(headroom()).toEqual({ headroomMs: 91_000, windowMs: 100_000, unknownCode: null });
    await pulse(10);
    expect(world.looks).toBe(2);
  });

  it('tells when half is used, puts the stream first at 80 %, and lets go below half', async () => {
    const { world, keeper, pulse, conditions } = setUp();
    await pulse(49);
    expect([keeper.isShort, conditions()]).toEqual([false, []]);
    world.oplog = known(start + 60, 100);
    await pulse(60);
    expect(conditions()).toMatchObject([{ code: 'SOURCE_HEADROOM_LOW', reason: 'HeadroomLow' }]);
    expect(keeper.isShort).toBe(false);
    world.oplog = known(start + 85, 100);
    await pulse(85);
    expect(keeper.isShort).toBe(true);
    world.position = start + 25;
    await pulse(86);
    expect(keeper.isShort).toBe(true);
    world.position = start + 60;
    await pulse(87);
    expect([keeper.isShort, conditions()]).toEqual([false, []]);
  });

  it('says why it is not known, without a condition', async () => {
    const { world, pulse, headroom, conditions } = setUp();
    world.oplog = { kind: 'unreadable', code: 'SOURCE_OPLOG_UNREADABLE' };
    await pulse(0);
    expect(headroom()).toEqual({ headroomMs: null, windowMs: null, unknownCode: 'SOURCE_OPLOG_UNREADABLE' });
    expect(conditions()).toEqual([]);
  });

  it('goes on from what it saw last while a look fails', async () => {
    const { world, pulse, headroom } = setUp();
    await pulse(0);
    world.oplog = new LockstepError('SOURCE_UNREACHABLE');
    await pulse(30);
    expect(headroom()?.headroomMs).toBe(70_000);
  });

  it('tells of a scan that is too long, once its estimate has stood for a while, and takes nothing from it', async () => {
    const { world, keeper, pulse, conditions, meter, bulk } = setUp();
    bulk.job = {};
    meter.enter('scanning');
    for (let second = 0; second <= 31; second += 1) {
      world.nowMs = second * 1_000;
      world.position = start + second;
      meter.reach(second * 10, 10_000);
      await pulse(second);
      if (second === 20) expect(conditions()).toEqual([]);
    }
    expect(conditions().map(({ message }) => message)).toEqual([expect.stringContaining('The scan')]);
    expect(keeper.isShort).toBe(false);
  });
});
