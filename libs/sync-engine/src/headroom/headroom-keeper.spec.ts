import { clusterTime, formatClusterTime, LockstepError } from '@lockstep/core';
import type { Condition, DomainEvent, JobProgress, OplogReading, StoredPosition } from '@lockstep/contracts';
import { JobMeter } from '../progress/job-meter.js';
import type { WorkLedger } from '../progress/work-ledger.js';
import { StatusBoard } from '../runner/status-board.js';
import { initialPosition } from '../stream/position.js';
import { HeadroomKeeper, type HeadroomKeeperOptions } from './headroom-keeper.js';

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
  const world = {
    nowMs: 0,
    /** Seconds; null where nothing is stored. */
    position: start as number | null,
    oplog: known(start, 100) as OplogReading | LockstepError,
    looks: 0,
    /** What the stream of a session knows. */
    lagMs: null as number | null,
  };
  const events: DomainEvent[] = [];
  const sink = { emit: (event: DomainEvent) => events.push(event) };
  const clock = { nowMs: () => world.nowMs, monotonicMs: () => world.nowMs };
  const status = new StatusBoard({ ...ids, clock, events: sink, save: async () => undefined });
  const meter = new JobMeter(clock, { type: 'bulk_sync', progress: NOTHING_DONE });
  const bulk: { job: object | null } = { job: null };
  const source = {
    readOplog: async (): Promise<OplogReading> => {
      world.looks += 1;
      if (world.oplog instanceof LockstepError) throw world.oplog;
      return world.oplog;
    },
    majorityTime: async () => clusterTime(start, 0),
    close: async () => undefined,
  };
  const stored = (): StoredPosition | null =>
    world.position === null
      ? null
      : { h: formatClusterTime(clusterTime(world.position, 0)), token: null, startAfter: false };
  const options = {
    connector: { id: ids.connectorId },
    lease: {
      partition: ids.partition,
      signal: new AbortController().signal,
      get state() {
        return { position: stored() };
      },
    },
    clock,
    events: sink,
    status,
    settings: { oplogLookMs: LOOK_MS },
    opener: { openHistory: async () => source },
  };
  const ledger = {
    meter: () => meter,
    tell: () => undefined,
    get bulk() {
      return bulk.job;
    },
  };
  const keeper = new HeadroomKeeper(options as unknown as HeadroomKeeperOptions, ledger as unknown as WorkLedger);
  /** Lets time pass and gives the keeper its pulse, with the look that it may begin. */
  const pulse = async (atSeconds: number): Promise<void> => {
    world.nowMs = atSeconds * 1_000;
    keeper.pulse();
    await new Promise(setImmediate);
    keeper.pulse();
  };
  const attend = (): void =>
    keeper.attend({
      source,
      checkpoint: {
        get position() {
          return initialPosition(clusterTime(world.position ?? start, 0));
        },
      },
      tellLag: () => {
        if (world.lagMs !== null) sink.emit({ type: 'lag.measured', ...ids, lagMs: world.lagMs });
        return world.lagMs !== null;
      },
    });
  const conditions = (): readonly Condition[] =>
    events.flatMap((event) => (event.type === 'connector.observed' ? [event.conditions] : [])).at(-1) ?? [];
  const lag = (): number | null | undefined =>
    events.flatMap((event) => (event.type === 'lag.measured' ? [event.lagMs] : [])).at(-1);
  const told = () => events.flatMap((event) => (event.type === 'headroom.measured' ? [event.headroom] : [])).at(-1);
  const headroom = () => meter.progress(0).headroom;
  return { world, events, keeper, pulse, attend, conditions, lag, told, meter, bulk, headroom };
}

describe('the keeper of the headroom', () => {
  it('looks now and then, and computes in between', async () => {
    const { world, pulse, headroom, attend } = setUp();
    attend();
    for (const second of [0, 1, 5, 9]) await pulse(second);
    expect(world.looks).toBe(1);
    expect(headroom()).toEqual({ headroomMs: 91_000, windowMs: 100_000, unknownCode: null });
    await pulse(10);
    expect(world.looks).toBe(2);
  });

  it('tells when half is used, puts the stream first at 80 %, and lets go below half', async () => {
    const { world, keeper, pulse, conditions, attend } = setUp();
    attend();
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
    const { world, pulse, headroom, conditions, attend } = setUp();
    attend();
    world.oplog = { kind: 'unreadable', code: 'SOURCE_OPLOG_UNREADABLE' };
    await pulse(0);
    expect(headroom()).toEqual({ headroomMs: null, windowMs: null, unknownCode: 'SOURCE_OPLOG_UNREADABLE' });
    expect(conditions()).toEqual([]);
  });

  it('goes on from what it saw last while a look fails', async () => {
    const { world, pulse, headroom, attend } = setUp();
    attend();
    await pulse(0);
    world.oplog = new LockstepError('SOURCE_UNREACHABLE');
    await pulse(30);
    expect(headroom()?.headroomMs).toBe(70_000);
  });

  it('tells of a scan that is too long, once its estimate has stood for a while, and takes nothing from it', async () => {
    const { world, keeper, pulse, conditions, meter, bulk, attend } = setUp();
    attend();
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

  it('takes the lag from the stream of a session that knows it', async () => {
    const { world, pulse, attend, lag } = setUp();
    attend();
    world.oplog = known(start + 8, 100);
    await pulse(8);
    expect(lag()).toBe(7_000);
    world.lagMs = 40;
    await pulse(9);
    expect(lag()).toBe(40);
  });
});

describe('the keeper of the headroom, between sessions', () => {
  it('looks by itself, at the stored position, and tells what it would tell within a session', async () => {
    const { world, keeper, pulse, headroom, lag, conditions } = setUp();
    await pulse(9);
    expect([world.looks, headroom()]).toEqual([0, null]);
    world.oplog = known(start + 55, 100);
    await pulse(10);
    expect(headroom()).toEqual({ headroomMs: 45_000, windowMs: 100_000, unknownCode: null });
    expect(lag()).toBe(54_000);
    expect(conditions()).toMatchObject([{ code: 'SOURCE_HEADROOM_LOW', reason: 'HeadroomLow' }]);
    expect(keeper.isShort).toBe(false);
    world.oplog = known(start + 90, 100);
    await pulse(20);
    expect([keeper.isShort, lag()]).toEqual([true, 89_000]);
  });

  it('goes on where a session leaves it', async () => {
    const { world, keeper, pulse, attend, headroom, lag } = setUp();
    attend();
    world.lagMs = 40;
    await pulse(1);
    await keeper.leave();
    await pulse(8);
    expect([world.looks, headroom()?.headroomMs, lag()]).toEqual([1, 93_000, 6_000]);
    await pulse(11);
    expect(world.looks).toBe(2);
  });

  it('says less and less of a source that cannot be read, then nothing of what is left, and never that it is near', async () => {
    const { world, keeper, pulse, told, lag, conditions } = setUp();
    world.oplog = known(start, 1_000);
    await pulse(10);
    world.oplog = new LockstepError('SOURCE_UNREACHABLE');
    await pulse(310);
    expect(told()).toEqual({ headroomMs: 660_000, windowMs: 960_000, unknownCode: null });
    expect([lag(), conditions()]).toEqual([299_000, []]);
    await pulse(611);
    expect(told()).toEqual({ headroomMs: null, windowMs: null, unknownCode: 'SOURCE_UNREACHABLE' });
    expect([lag(), keeper.isShort]).toEqual([600_000, false]);
    expect(conditions()).toMatchObject([{ code: 'SOURCE_HEADROOM_LOW' }]);
    world.oplog = known(start + 620, 10_000);
    await pulse(640);
    expect([told()?.headroomMs, conditions()]).toEqual([9_360_000, []]);
  });

  it('tells at once why nothing is known of a source that was never read', async () => {
    const { world, pulse, told, lag } = setUp();
    world.oplog = new LockstepError('SOURCE_UNREACHABLE');
    await pulse(10);
    expect([told()?.unknownCode, lag()]).toEqual(['SOURCE_UNREACHABLE', undefined]);
  });

  it('knows the lag where the oplog may not be read', async () => {
    const { world, pulse, told, lag } = setUp();
    world.oplog = { kind: 'unreadable', code: 'SOURCE_OPLOG_UNREADABLE' };
    world.position = start - 31;
    await pulse(10);
    expect([told()?.unknownCode, lag()]).toEqual(['SOURCE_OPLOG_UNREADABLE', 30_000]);
  });

  it('has nothing to tell while no position is stored', async () => {
    const { world, events, pulse } = setUp();
    world.position = null;
    await pulse(10);
    expect([world.looks, events]).toEqual([0, []]);
  });

  it('takes back what it told of a position that is lost, until there is another one', async () => {
    const { world, keeper, pulse, told, lag, headroom, conditions } = setUp();
    world.oplog = known(start + 90, 100);
    await pulse(10);
    await keeper.rest();
    expect([told(), lag(), headroom(), conditions(), keeper.isShort]).toEqual([null, null, null, [], false]);
    await pulse(40);
    expect([world.looks, told(), lag(), conditions()]).toEqual([1, null, null, []]);
    world.position = start + 120;
    world.oplog = known(start + 120, 100);
    await pulse(60);
    expect([told()?.headroomMs, lag()]).toEqual([100_000, 0]);
  });
});
