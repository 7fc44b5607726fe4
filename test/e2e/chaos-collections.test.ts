import { eventually, httpJson } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

const COLLECTIONS = ['one', 'two', 'three', 'four*', 'constructor'];

describe('collections and targets that change under a connector', () => {
  const chaos = new ChaosHarness();
  let id: string;
  let writer: Writer;

  const count = async (collection: string): Promise<number> => {
    const url = `${chaos.elasticsearchUrl}/${chaos.index('all', collection)}`;
    await httpJson(`${url}/_refresh`, { method: 'POST' });
    return ((await httpJson(`${url}/_count`)).body as { count: number }).count;
  };

  const untilBraked = (jobId: string): Promise<boolean> =>
    eventually(async () => (await chaos.lockstep.job(jobId)).condition?.code === 'SWEEP_BRAKE_ENGAGED', {
      timeoutMs: PATIENCE_MS,
      what: 'the brake to hold the removal',
    });
  const command = async (jobId: string, action: 'cancel' | 'confirm'): Promise<void> => {
    expect((await chaos.lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/${action}`)).status).toBe(202);
  };
  const untilObserved = (state: string): Promise<boolean> =>
    eventually(async () => (await chaos.lockstep.connector(id)).observedState === state, {
      timeoutMs: PATIENCE_MS,
      what: state,
    });
  const isBound = async (collection: string): Promise<boolean> => {
    const { bindings } = (await chaos.lockstep.connector(id)) as unknown as { bindings: { namespace: string }[] };
    return bindings.some(({ namespace }) => namespace === `${chaos.database}.${collection}`);
  };
  /** Documents in the index of `two` that its collection never had. */
  const plantOrphans = async (name: string): Promise<void> => {
    const line = (n: number): string => `{"index":{"_id":"${name}${n}"}}\n{"title":"orphan"}\n`;
    const url = `${chaos.elasticsearchUrl}/${chaos.index('all', 'two')}-000001/_bulk?refresh=true`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const body = Array.from({ length: 200 }, (_, n) => line(n)).join('');
    expect((await fetch(url, { method: 'POST', headers, body })).status).toBe(200);
  };

  /** What is canceled can be asked for again. */
  const confirmedResync = async (): Promise<void> => {
    const jobId = (await chaos.lockstep.act(id, 'resync', { collections: ['two'] }))!;
    await untilBraked(jobId);
    await command(jobId, 'confirm');
    await chaos.untilJob(jobId, 'completed');
    await chaos.expectInLockstep('all', 'two');
  };

  beforeAll(async () => {
    await chaos.start();
    for (const name of ['one', 'two', 'three']) await chaos.db.collection(name).insertMany(shopOrders(300));
    // Every object of JavaScript has something of this name.
    await chaos.db.collection('constructor').insertMany(shopOrders(20));
    id = await chaos.lockstep.sync(chaos.definition('all', COLLECTIONS));
    writer = new Writer(chaos.db.collection('three'));
  }, 2 * PATIENCE_MS);

  afterAll(async () => {
    await writer?.end();
    await chaos.stop();
  }, PATIENCE_MS);

  it(
    'follows a collection whatever its name is',
    async () => {
      await chaos.db.collection('constructor').insertMany(shopOrders(10, 500));
      await chaos.db.collection('constructor').deleteMany({ quantity: 1 });
      expect(await chaos.expectInLockstep('all', 'constructor')).toBeGreaterThan(20);
    },
    PATIENCE_MS,
  );

  it(
    'takes up a collection that appears while no worker runs, and streams again',
    async () => {
      const [worker] = chaos.lockstep.workers;
      await worker!.stop();
      await chaos.db.collection('four').insertMany(shopOrders(50));
      await worker!.start();
      expect(await chaos.expectInLockstep('all', 'four')).toBe(50);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      const [bulk] = await chaos.lockstep.jobs(id, 'bulk_sync');
      expect(bulk).toMatchObject({ state: 'completed' });
    },
    2 * PATIENCE_MS,
  );

  it(
    'keeps the target of a collection that is dropped and made again, while others go on',
    async () => {
      const one = chaos.db.collection('one');
      await one.drop();
      await one.insertMany(shopOrders(50, 5_000));
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      await untilObserved('attention');
      await one.insertMany(shopOrders(5, 9_000));
      await chaos.db.collection('two').insertOne({ marker: 'behind the drop' });
      await chaos.expectInLockstep('all', 'two');
      expect(await count('one')).toBe(300);
    },
    2 * PATIENCE_MS,
  );

  it(
    'keeps the target of a collection that is renamed away',
    async () => {
      await chaos.db.collection('two').rename('elsewhere');
      await eventually(async () => (await chaos.lockstep.connector(id)).conditions.length === 2, {
        timeoutMs: PATIENCE_MS,
        what: 'a second condition',
      });
      expect(await count('two')).toBe(301);
      await chaos.db.collection('elsewhere').rename('two');
      await writer.roundsOn(5);
      expect(await count('two')).toBe(301);
    },
    2 * PATIENCE_MS,
  );

  it(
    'keeps them as they are when the resync that was to take them up is canceled, and says so again',
    async () => {
      const jobId = (await chaos.lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await untilBraked(jobId);
      await command(jobId, 'cancel');
      await chaos.untilJob(jobId, 'canceled');
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      await untilObserved('attention');
      await chaos.db.collection('one').insertOne({ title: 'not followed' });
      await writer.roundsOn(5);
      expect(await count('one')).toBe(355);
    },
    2 * PATIENCE_MS,
  );

  it(
    'takes them up again by a resync that holds the removal until it is confirmed',
    async () => {
      const jobId = (await chaos.lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await untilBraked(jobId);
      expect(await count('one')).toBe(356);
      await command(jobId, 'confirm');
      await chaos.untilJob(jobId, 'completed');
      await chaos.db.collection('one').insertMany(shopOrders(7, 20_000));
      for (const name of ['one', 'two']) await chaos.expectInLockstep('all', name);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await writer.end();
      await chaos.expectInLockstep('all', 'three');
    },
    2 * PATIENCE_MS,
  );

  it(
    'cancels a braked resync without stopping the connector',
    async () => {
      await plantOrphans('canceled');
      const jobId = (await chaos.lockstep.act(id, 'resync', { collections: ['two'] }))!;
      await untilBraked(jobId);
      await command(jobId, 'cancel');
      await chaos.untilJob(jobId, 'canceled');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await chaos.db.collection('three').insertMany(shopOrders(3, 30_000));
      await chaos.expectInLockstep('all', 'three');
      expect((await chaos.lockstep.connector(id)).desiredState).toBe('running');
      await confirmedResync();
    },
    2 * PATIENCE_MS,
  );

  it(
    'obeys a cancellation that comes while the connector is paused: nothing is scanned or removed afterwards',
    async () => {
      await plantOrphans('paused');
      const jobId = (await chaos.lockstep.act(id, 'resync', { collections: ['two'] }))!;
      await untilBraked(jobId);
      await chaos.lockstep.act(id, 'pause');
      await command(jobId, 'cancel');
      await chaos.untilJob(jobId, 'canceled');
      await untilObserved('paused');
      expect((await chaos.lockstep.connector(id)).desiredState).toBe('paused');
      await chaos.lockstep.act(id, 'resume');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      const [newest] = await chaos.lockstep.jobs(id, 'bulk_sync');
      expect(newest).toMatchObject({ id: jobId, state: 'canceled' });
      await confirmedResync();
    },
    2 * PATIENCE_MS,
  );

  it(
    'does all of a resync that was asked for while it was paused, whatever else is to be scanned when it goes on',
    async () => {
      const orphan = `${chaos.elasticsearchUrl}/${chaos.index('all', 'two')}-000001/_doc/asked?refresh=true`;
      expect((await httpJson(orphan, { method: 'PUT', body: { title: 'orphan' } })).status).toBe(201);
      await chaos.lockstep.act(id, 'pause');
      await untilObserved('paused');
      const jobId = (await chaos.lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await chaos.db.collection('fourteenth').insertMany(shopOrders(30));
      await chaos.lockstep.act(id, 'resume');
      await chaos.untilJob(jobId, 'completed');
      for (const name of ['two', 'fourteenth']) await chaos.expectInLockstep('all', name);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'takes a collection up that is made just before its resync is asked for',
    async () => {
      await chaos.db.collection('fourfold').insertMany(shopOrders(30));
      const jobId = (await chaos.lockstep.act(id, 'resync', { collections: ['fourfold'] }))!;
      await chaos.untilJob(jobId, 'completed');
      expect(await chaos.expectInLockstep('all', 'fourfold')).toBe(30);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'refuses a resync of a collection that is not there by its name',
    async () => {
      const jobId = (await chaos.lockstep.act(id, 'resync', { collections: ['fourteen'] }))!;
      await chaos.untilJob(jobId, 'failed');
      expect((await chaos.lockstep.job(jobId)).error).toMatchObject({ code: 'SOURCE_COLLECTION_MISSING' });
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'lets go of a collection that is no longer named, keeps its target, and makes up for what it missed when it is',
    async () => {
      const before = await count('two');
      const named = async (collections: readonly string[]): Promise<void> => {
        expect(
          (await chaos.lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { collections } })).status,
        ).toBe(200);
      };
      await named(COLLECTIONS.filter((name) => name !== 'two'));
      await eventually(async () => !(await isBound('two')), { timeoutMs: PATIENCE_MS, what: 'the binding to be gone' });
      await chaos.db.collection('two').insertMany(shopOrders(9, 40_000));
      await chaos.db.collection('two').deleteMany({ quantity: 2 });
      await chaos.db.collection('constructor').insertMany(shopOrders(5, 600));
      await chaos.expectInLockstep('all', 'constructor');
      expect(await count('two')).toBe(before);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      expect((await chaos.lockstep.connector(id)).conditions).toEqual([]);
      await named(COLLECTIONS);
      await chaos.expectInLockstep('all', 'two');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await chaos.db.collection('two').insertMany(shopOrders(3, 50_000));
      await chaos.expectInLockstep('all', 'two');

      // Its index may go then: the others do not mind, and it is filled again when it is named again.
      await named(COLLECTIONS.filter((name) => name !== 'two'));
      await eventually(async () => !(await isBound('two')), { timeoutMs: PATIENCE_MS, what: 'the binding to be gone' });
      const index = `${chaos.elasticsearchUrl}/${chaos.index('all', 'two')}-000001`;
      expect((await httpJson(index, { method: 'DELETE' })).status).toBe(200);
      const [worker] = chaos.lockstep.workers;
      await worker!.stop();
      await worker!.start();
      await chaos.db.collection('three').insertMany(shopOrders(3, 60_000));
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await chaos.expectInLockstep('all', 'three');
      await named(COLLECTIONS);
      await chaos.expectInLockstep('all', 'two');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'asks for a resync when an index is deleted, never makes it with guessed mappings, and fills it again',
    async () => {
      writer = new Writer(chaos.db.collection('three'));
      await writer.roundsOn(5);
      const index = `${chaos.index('all', 'three')}-000001`;
      expect((await httpJson(`${chaos.elasticsearchUrl}/${index}`, { method: 'DELETE' })).status).toBe(200);
      await untilObserved('resync_required');
      await chaos.untilCondition(id, 'SINK_TARGET_MISSING');
      expect((await httpJson(`${chaos.elasticsearchUrl}/${index}`)).status).toBe(404);
      const jobId = (await chaos.lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await chaos.untilJob(jobId, 'completed');
      await writer.end();
      for (const name of ['one', 'two', 'three']) await chaos.expectInLockstep('all', name);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );
});
