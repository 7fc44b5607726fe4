import { compareBothSides, eventually, httpJson, testServers } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from './chaos-harness';
import { shopOrders } from './shop-data';

const SOON = { timeoutMs: PATIENCE_MS };
/** Larger than any cluster time makes. */
const FUTURE = '9223372036854775000';

describe('somebody else who writes into the index', () => {
  const chaos = new ChaosHarness();
  let id: string;
  let ids: readonly string[];

  const orders = () => chaos.db.collection('orders');
  const index = () => `${chaos.elasticsearchUrl}/${chaos.index('shared', 'orders')}`;
  const touch = (only: object = {}) => orders().updateMany(only, { $inc: { touched: 1 } });

  beforeAll(async () => {
    await chaos.start();
    await orders().insertMany(shopOrders(80));
    id = await chaos.lockstep.sync(chaos.definition('shared', ['orders']));
    await chaos.expectInLockstep('shared', 'orders');
    ids = (
      await orders()
        .find({}, { projection: { _id: 1 } })
        .toArray()
    ).map(({ _id }) => String(_id));
  }, 2 * PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  /** @param version of the foreign write; an edit by hand has none and counts on from what is there */
  async function write(documentId: string, version?: string): Promise<void> {
    const query = version === undefined ? '' : `?version=${version}&version_type=external_gte`;
    const answer = await httpJson(`${index()}-000001/_doc/${documentId}${query}`, {
      method: 'PUT',
      body: { by: 'hand' },
    });
    expect(answer.status).toBe(200);
  }

  it(
    'is overwritten by the next change of the document',
    async () => {
      await write(ids[0]!);
      await touch();
      await chaos.expectInLockstep('shared', 'orders');
    },
    PATIENCE_MS,
  );

  it(
    'keeps a document with a version from the future, which is counted, and no other',
    async () => {
      await write(ids[1]!, FUTURE);
      const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
      const before = stream!.counters.conflicts!;
      await touch();
      await eventually(async () => (await chaos.lockstep.job(stream!.id)).counters.conflicts === before + 1, SOON);
      const sides = {
        ...{ ...testServers(), database: chaos.database },
        ...{ collection: 'orders', index: chaos.index('shared', 'orders') },
      };
      await eventually(async () => (await compareBothSides(sides)).wrong.join() === ids[1], SOON);
      expect((await chaos.lockstep.connector(id)).conditions).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'is told that a crash would lose what the index acknowledges, as long as it would',
    async () => {
      const durability = async (value: string | null): Promise<void> => {
        const body = { 'index.translog.durability': value };
        expect((await httpJson(`${index()}-000001/_settings`, { method: 'PUT', body })).status).toBe(200);
        // Looked at when a session begins, and every 30 s.
        await chaos.lockstep.act(id, 'pause');
        await eventually(async () => (await chaos.lockstep.connector(id)).observedState === 'paused', SOON);
        await chaos.lockstep.act(id, 'resume');
      };
      await durability('async');
      await chaos.untilCondition(id, 'SINK_TARGET_FORGETFUL');
      await eventually(async () => (await chaos.lockstep.connector(id)).observedState === 'attention', SOON);
      await durability(null);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      expect((await chaos.lockstep.connector(id)).conditions).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'raises an alarm when everything is from the future, which a new index ends',
    async () => {
      for (const each of ids) await write(each, FUTURE);
      await eventually(
        async () => {
          await touch();
          const { conditions } = await chaos.lockstep.connector(id);
          return conditions.some(({ code }) => code === 'SINK_TARGET_FROZEN');
        },
        { ...SOON, intervalMs: 500, what: 'the alarm' },
      );
      expect((await chaos.lockstep.connector(id)).observedState).toBe('attention');
      expect((await httpJson(`${index()}-000001`, { method: 'DELETE' })).status).toBe(200);
      await touch();
      await chaos.untilCondition(id, 'SINK_TARGET_MISSING');
      await chaos.untilJob((await chaos.lockstep.act(id, 'resync'))!, 'completed');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await chaos.expectInLockstep('shared', 'orders');
      expect((await chaos.lockstep.connector(id)).conditions).toEqual([]);
    },
    2 * PATIENCE_MS,
  );

  it(
    'is refused when it is a connector of ours, by the name of the one that is there, until that one is deleted',
    async () => {
      const { sink, ...rest } = chaos.definition('shared', ['orders']) as { sink: object };
      const heir = await chaos.lockstep.createConnector({ ...rest, name: 'heir', sink: { ...sink, adopt: true } });
      await chaos.lockstep.act(heir, 'start');
      await chaos.untilCondition(heir, 'SINK_TARGET_FOREIGN');
      const [condition] = (await chaos.lockstep.connector(heir)).conditions;
      expect(condition!.message).toMatch(/belongs to the connector shared$/);
      await chaos.expectInLockstep('shared', 'orders');

      const { status } = await chaos.lockstep.call('DELETE', `/api/v1/connectors/${id}`);
      expect(status).toBe(204);
      await chaos.lockstep.act(heir, 'start');
      await chaos.lockstep.untilStreaming(heir, PATIENCE_MS);
      await touch();
      await chaos.expectInLockstep('shared', 'orders');
      expect(Object.keys((await httpJson(`${index()}/_alias`)).body)).toEqual([
        `${chaos.index('shared', 'orders')}-000001`,
      ]);
    },
    2 * PATIENCE_MS,
  );
});
