import { MongoClient } from 'mongodb';
import { eventually, httpJson, type MongodMember } from '@lockstep/testing';
import { PATIENCE_MS, Writer } from './chaos-harness';
import { onMember, ReplicaSetHarness } from './replica-set-harness';
import { shopOrders } from './shop-data';

const SOON = { timeoutMs: PATIENCE_MS };
/** The shortest delays, behind the first failure and behind many, milliseconds. */
const DELAY_MS = { first: 250, last: 15_000 };
/** What timers may be early by. */
const TIMER_RATIO = 0.95;

interface Named {
  readonly _id: string;
  readonly state: string;
}

describe('a replica set of three in trouble', () => {
  const chaos = new ReplicaSetHarness('failover', { LOCKSTEP_STREAM_STALL_MS: '1000' });
  let id: string;

  beforeAll(async () => {
    await chaos.start();
    await chaos.db.collection('orders').insertMany(shopOrders(500));
    await ledger().insertMany(['kept', 'updated', 'deleted'].map((_id) => ({ _id, state: 'first' })));
    const collections = ['orders', 'ledger'];
    const { source, ...rest } = chaos.definition('orders') as { source: object };
    id = await chaos.lockstep.sync({
      ...{ ...rest, source: { ...source, collections } },
      sink: { index: chaos.index('{collection}') },
    });
  }, 2 * PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  const ledger = () => chaos.db.collection<Named>('ledger');
  const orders = () => chaos.db.collection('orders');

  it.each<[number, string]>([
    [43, 'CursorNotFound'],
    [262, 'ExceededTimeLimit'],
  ])(
    'reads on from its checkpoint after %d (%s), in the stream and in look-ups',
    async (errorCode) => {
      const before = await chaos.failures();
      const writer = new Writer(orders());
      try {
        for (const command of ['getMore', 'find'] as const) {
          await writer.roundsOn(2);
          const so = await chaos.failures();
          await chaos.failOnce(id, { command, errorCode, collection: 'orders' });
          await eventually(async () => (await chaos.failures()) > so, { ...SOON, what: 'a session that fails' });
          await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
        }
        await writer.roundsOn(3);
      } finally {
        await writer.end();
      }
      expect(await chaos.expectInLockstep('orders')).toBeGreaterThan(0);
      // Each fault ended one session; on a busy machine an election may end another one.
      const failures = (await chaos.failures()) - before;
      expect(failures).toBeGreaterThanOrEqual(2);
      expect(failures).toBeLessThanOrEqual(4);
    },
    2 * PATIENCE_MS,
  );

  it(
    'backs off when the stream cannot be opened, and opens it as soon as it can',
    async () => {
      const [worker] = chaos.lockstep.workers;
      // One that has not failed yet: its delays are the shortest.
      await worker!.stop('SIGTERM');
      await worker!.start();
      await chaos.streamMember(id);
      const before = await chaos.failures();
      const startedMs = performance.now();
      try {
        await failStreams('alwaysOn');
        const failures = await eventually(
          async () => {
            const count = (await chaos.failures()) - before;
            return count >= 5 && count;
          },
          { ...SOON, what: 'sessions that fail one after the other' },
        );
        // No hot loop: a slow machine has fewer of them in this time, never more.
        expect(performance.now() - startedMs).toBeGreaterThan(TIMER_RATIO * shortestMs(failures));
      } finally {
        await failStreams('off');
      }
      await orders().insertOne({ marker: 'behind the errors' });
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      expect(await chaos.expectInLockstep('orders')).toBeGreaterThan(0);
    },
    2 * PATIENCE_MS,
  );

  it(
    'opens a stream anew that hangs while the source goes on, tells it, and ends no session for it',
    async () => {
      const [worker] = chaos.lockstep.workers;
      const before = await chaos.failures();
      // Longer than all tests may take: only a stream that is opened anew can bring the changes. The fail point of this
      // member cannot be set again before.
      const blockTimeMS = 10 * PATIENCE_MS;
      const stalls = await worker!.metric('lockstep_stream_stalls_total');
      await chaos.failCommands(id, { times: 2 }, { failCommands: ['getMore'], blockConnection: true, blockTimeMS });
      const writer = new Writer(orders());
      try {
        const condition = await eventually(
          async () =>
            (await chaos.lockstep.connector(id)).conditions.find(({ code }) => code === 'SOURCE_STREAM_STALLED'),
          { ...SOON, what: 'the condition' },
        );
        expect(condition).toMatchObject({ reason: 'StreamStalled' });
        await eventually(async () => (await worker!.metric('lockstep_stream_stalls_total')) >= stalls + 2, SOON);
        await writer.roundsOn(3);
      } finally {
        await writer.end();
      }
      expect(await chaos.expectInLockstep('orders')).toBeGreaterThan(0);
      await eventually(async () => (await chaos.lockstep.connector(id)).conditions.length === 0, SOON);
      // Two stalls that each ended a session would be two; on a busy machine an election may end one.
      expect((await chaos.failures()) - before).toBeLessThan(2);
      expect(worker!.output).toContain('stream.stalled');
    },
    2 * PATIENCE_MS,
  );

  it(
    'follows on when the primary steps down under load',
    async () => {
      const writer = new Writer(orders(), { isTolerant: true });
      try {
        await writer.roundsOn(5);
        await chaos.set.stepDown();
        await writer.roundsOn(10);
      } finally {
        await writer.end();
      }
      expect(await chaos.expectInLockstep('orders')).toBeGreaterThan(0);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'never shows what a killed primary alone had written, which is rolled back',
    async () => {
      await chaos.expectInLockstep('ledger');
      const primary = await chaos.set.primary();
      const others = chaos.set.members.filter((member) => member !== primary);
      for (const member of others) await replication(member, 'alwaysOn');
      const lone = await new MongoClient(`mongodb://${primary.host}/?directConnection=true`, {
        writeConcern: { w: 1, journal: true },
      }).connect();
      const alone = lone.db(chaos.database).collection<Named>('ledger');
      let seen = '';
      const watch = setInterval(() => void shown().then((text) => (seen += text)), 50);
      try {
        await alone.insertOne({ _id: 'ghost', state: 'never' });
        await alone.updateOne({ _id: 'updated' }, { $set: { state: 'never' } });
        await alone.deleteOne({ _id: 'deleted' });
        expect(await alone.countDocuments({}, { readConcern: { level: 'local' } })).toBe(3);
        await eventually(
          async () => (await chaos.lockstep.connector(id)).conditions[0]?.code === 'SOURCE_MAJORITY_STALLED',
          { ...SOON, what: 'the connector to wait for the majority' },
        );
        expect((await chaos.lockstep.connector(id)).observedState).toBe('waiting');
        await lone.close();
        await primary.kill();
        for (const member of others) await replication(member, 'off');
        await chaos.set.primary();
        await ledger().insertOne({ _id: 'later', state: 'first' });
        await primary.start();
        await eventually(async () => (await idsOn(primary)) === 'deleted,kept,later,updated', {
          ...SOON,
          what: 'the roll-back',
        });
        expect(await ledger().countDocuments({ $or: [{ _id: 'ghost' }, { state: 'never' }] })).toBe(0);
        expect(await chaos.expectInLockstep('ledger')).toBe(4);
      } finally {
        clearInterval(watch);
      }
      expect(seen).toContain('"first"');
      expect(seen).not.toContain('never');
      expect(seen).not.toContain('404');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      expect((await chaos.lockstep.connector(id)).conditions).toEqual([]);
    },
    2 * PATIENCE_MS,
  );

  /** On every member: no stream can be read or opened. */
  async function failStreams(mode: 'alwaysOn' | 'off'): Promise<void> {
    const data = { failCommands: ['getMore', 'aggregate'], errorCode: 262 };
    for (const member of chaos.set.members) await chaos.failCommands(id, mode, data, member);
  }

  /** The least time between the first and the last of so many failures in a row: each delay is twice the one before. */
  function shortestMs(failures: number): number {
    const delays = Array.from({ length: failures - 1 }, (_, n) => Math.min(DELAY_MS.last, DELAY_MS.first * 2 ** n));
    return delays.reduce((sum, delayMs) => sum + delayMs, 0);
  }

  /** What the index has of the documents of the test; 404 for one that has to be there and is not. */
  async function shown(): Promise<string> {
    const ids = ['kept', 'updated', 'deleted'];
    const url = `${chaos.elasticsearchUrl}/${chaos.index('ledger')}`;
    const [ghost, ...others] = await Promise.all(['ghost', ...ids].map((each) => httpJson(`${url}/_doc/${each}`)));
    const found = ghost!.body.found === true ? 'never' : '';
    return `${found}${others.map(({ status, body }) => `${status}${JSON.stringify(body._source)}`).join()}`;
  }

  function replication(member: MongodMember, mode: 'alwaysOn' | 'off'): Promise<unknown> {
    return onMember(member, { configureFailPoint: 'stopReplProducer', mode });
  }

  /** The ids of the documents of the test that a member has. */
  async function idsOn(member: MongodMember): Promise<string> {
    const url = `mongodb://${member.host}/?directConnection=true`;
    const direct = await new MongoClient(url, { readPreference: 'secondaryPreferred' }).connect();
    try {
      const found = await direct.db(chaos.database).collection<Named>('ledger').find().sort({ _id: 1 }).toArray();
      return found.map(({ _id }) => _id).join();
    } finally {
      await direct.close();
    }
  }
});
