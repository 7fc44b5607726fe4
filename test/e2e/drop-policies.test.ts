import { eventually, httpJson } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from './chaos-harness';
import { shopOrders } from './shop-data';

const COUNT = 300;

describe('what becomes of a target when its collection is dropped', () => {
  const chaos = new ChaosHarness();

  beforeAll(() => chaos.start(), 2 * PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  const count = async (index: string): Promise<number> => {
    await httpJson(`${chaos.elasticsearchUrl}/${index}/_refresh`, { method: 'POST' });
    return (await httpJson(`${chaos.elasticsearchUrl}/${index}/_count`)).body.count as number;
  };
  const follows = async (name: string, onDrop: string, collections: readonly string[]): Promise<string> => {
    for (const collection of collections) await chaos.db.collection(collection).insertMany(shopOrders(COUNT));
    const { source, ...rest } = chaos.definition(name, collections) as { source: object };
    return chaos.lockstep.sync({ ...rest, source: { ...source, onDrop } });
  };
  /** The indices that searches by the collection's name go to. */
  const behind = async (name: string, collection: string): Promise<string[]> =>
    Object.keys((await httpJson(`${chaos.elasticsearchUrl}/_alias/${chaos.index(name, collection)}`)).body);
  const completes = async (id: string, action: string, wish?: object): Promise<void> =>
    chaos.untilJob((await chaos.lockstep.act(id, action, wish))!, 'completed');
  const held = async (id: string, code: string): Promise<string> => {
    await chaos.untilCondition(id, code);
    // What is held stands in the job a moment later.
    const job = await eventually(
      async () => (await chaos.lockstep.jobs(id, 'bulk_sync')).find(({ condition }) => condition?.code === code),
      { timeoutMs: PATIENCE_MS, what: `a job that waits for ${code}` },
    );
    return job.id;
  };
  const command = async (jobId: string, action: 'confirm' | 'cancel'): Promise<void> => {
    expect((await chaos.lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/${action}`)).status).toBe(202);
  };

  it(
    'follow: a collection that is rebuilt under its name is read into it, whichever way it was rebuilt',
    async () => {
      const id = await follows('followed', 'follow', ['first', 'beside']);
      const first = chaos.db.collection('first');
      // The way of nightly jobs: another collection takes its place in one step.
      await first.aggregate([{ $match: { quantity: { $ne: 3 } } }, { $out: 'first' }]).toArray();
      await first.insertMany(shopOrders(7, 10_000));
      await chaos.expectInLockstep('followed', 'first');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);

      await first.rename('elsewhere');
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      await chaos.db.collection('beside').insertOne({ title: 'goes on' });
      await chaos.expectInLockstep('followed', 'beside');
      expect(await count(chaos.index('followed', 'first'))).toBeGreaterThan(COUNT * 0.8);
      await chaos.db.collection('elsewhere').rename('first');
      await first.insertMany(shopOrders(5, 20_000));
      await chaos.expectInLockstep('followed', 'first');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      expect((await chaos.lockstep.connector(id)).conditions).toEqual([]);
    },
    3 * PATIENCE_MS,
  );

  it(
    'follow: what would be removed by a collection of other documents waits for a confirmation',
    async () => {
      const id = await follows('guarded', 'follow', ['second']);
      const second = chaos.db.collection('second');
      await second.drop();
      await second.insertMany(shopOrders(50, 5_000));
      await chaos.untilCondition(id, 'SWEEP_BRAKE_ENGAGED');
      expect(await count(chaos.index('guarded', 'second'))).toBe(COUNT + 50);
      const [refused] = await chaos.lockstep.jobs(id, 'bulk_sync');
      // A no to the brake is a no to the policy, until somebody asks for a resync.
      expect((await chaos.lockstep.call('POST', `/api/v1/jobs/${refused!.id}/actions/cancel`)).status).toBe(202);
      await chaos.untilJob(refused!.id, 'canceled');
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      await second.insertMany(shopOrders(3, 6_000));
      expect((await chaos.lockstep.jobs(id, 'bulk_sync'))[0]!.id).toBe(refused!.id);
      const jobId = (await chaos.lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      expect(await held(id, 'SWEEP_BRAKE_ENGAGED')).toBe(jobId);
      await command(jobId, 'confirm');
      expect(await chaos.expectInLockstep('guarded', 'second')).toBe(53);
    },
    2 * PATIENCE_MS,
  );

  const deleteFirst = async (id: string): Promise<void> => {
    expect((await chaos.lockstep.call('DELETE', `/api/v1/connectors/${id}/generations/1`)).status).toBe(202);
  };
  const untilOldest = (id: string, wanted: object): Promise<boolean> =>
    eventually(
      async () => {
        const { body } = await chaos.lockstep.call('GET', `/api/v1/connectors/${id}/generations`);
        expect(body.items[0]).toMatchObject(wanted);
        return true;
      },
      { timeoutMs: PATIENCE_MS, what: 'the oldest generation' },
    );

  it(
    'follow: a scan that the generation before had begun ends with the takeover of another one',
    async () => {
      const id = await follows('overtaken', 'follow', ['seventh']);
      const seventh = chaos.db.collection('seventh');
      const waits = (jobId: string, code: string): Promise<unknown> =>
        eventually(async () => (await chaos.lockstep.job(jobId)).condition?.code === code, {
          timeoutMs: PATIENCE_MS,
          what: `${code} of ${jobId}`,
        });
      await chaos.lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { filter: { quantity: { $lt: 2 } } } });
      const filling = (await chaos.lockstep.act(id, 'resync'))!;
      await waits(filling, 'GENERATION_BRAKE_ENGAGED');
      await seventh.drop();
      await seventh.insertMany(shopOrders(50, 5_000));
      const overtaken = await eventually(
        async () =>
          (await chaos.lockstep.jobs(id, 'bulk_sync')).find(
            (job) => job.id !== filling && job.mode === null && job.state === 'running',
          ),
        { timeoutMs: PATIENCE_MS, what: 'the bulk sync of the generation that serves' },
      );
      await waits(overtaken.id, 'SWEEP_BRAKE_ENGAGED');
      await eventually(
        async () => {
          await chaos.lockstep.call('POST', `/api/v1/jobs/${filling}/actions/confirm`);
          return (await chaos.lockstep.job(filling)).state === 'completed';
        },
        { timeoutMs: PATIENCE_MS, what: 'the takeover' },
      );
      await chaos.untilJob(overtaken.id, 'canceled');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      // Nothing keeps another one from being asked for, and nobody takes the connector for stopped.
      const next = (await chaos.lockstep.act(id, 'resync'))!;
      await chaos.untilJob(next, 'completed');
      expect((await chaos.lockstep.connector(id)).desiredState).toBe('running');
    },
    2 * PATIENCE_MS,
  );

  it(
    'keep: one that is taken up by a resync behind a rollback takes its searches along',
    async () => {
      const id = await follows('returned', 'keep', ['fifth']);
      await completes(id, 'resync');
      const fifth = chaos.db.collection('fifth');
      const documents = await fifth.find().toArray();
      await fifth.drop();
      await fifth.insertMany(documents);
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      await completes(id, 'resync', { collections: ['fifth'] });
      await completes(id, 'rollback');
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      // It does not follow the collection: searches keep what they find.
      expect(await behind('returned', 'fifth')).toEqual([`${chaos.index('returned', 'fifth')}-000002`]);
      await completes(id, 'resync', { collections: ['fifth'] });
      expect(await behind('returned', 'fifth')).toEqual([`${chaos.index('returned', 'fifth')}-000001`]);
      await fifth.insertMany(shopOrders(5, 30_000));
      expect(await chaos.expectInLockstep('returned', 'fifth')).toBe(COUNT + 5);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );

  it(
    'follow: one that was gone when a generation took over takes its searches along, unless they would find far less',
    async () => {
      const id = await follows('passed', 'follow', ['sixth']);
      const sixth = chaos.db.collection('sixth');
      const documents = await sixth.find().toArray();
      const filter = { quantity: { $lt: 4 } };
      await chaos.lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { filter } });
      const jobId = (await chaos.lockstep.act(id, 'resync'))!;
      expect(await held(id, 'GENERATION_BRAKE_ENGAGED')).toBe(jobId);
      await sixth.drop();
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      await command(jobId, 'confirm');
      await chaos.untilJob(jobId, 'completed');
      const [first, second] = [1, 2].map((number) => `${chaos.index('passed', 'sixth')}-00000${number}`);
      expect(await behind('passed', 'sixth')).toEqual([first]);
      // What searches go to is not deleted.
      const kept = { message: `Not deleted: searches by the alias ${chaos.index('passed', 'sixth')} go to ${first}` };
      await deleteFirst(id);
      await untilOldest(id, { number: 1, state: 'retired', kept });

      await sixth.insertMany(documents);
      const refused = await held(id, 'GENERATION_BRAKE_ENGAGED');
      expect((await chaos.lockstep.job(refused)).heldCollections).toEqual(['sixth']);
      // A no to the brake is a no to the policy, here too: what searches find is followed by nobody, and told so.
      await command(refused, 'cancel');
      await chaos.untilJob(refused, 'canceled');
      await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
      expect(await behind('passed', 'sixth')).toEqual([first]);
      await chaos.lockstep.act(id, 'resync', { collections: ['sixth'] });
      await command(await held(id, 'GENERATION_BRAKE_ENGAGED'), 'confirm');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      expect(await behind('passed', 'sixth')).toEqual([second]);
      await sixth.insertMany(shopOrders(9, 40_000));
      await eventually(
        async () => (await count(chaos.index('passed', 'sixth'))) === (await sixth.countDocuments(filter)),
        {
          timeoutMs: PATIENCE_MS,
          what: 'the filtered collection',
        },
      );
      await deleteFirst(id);
      await untilOldest(id, { number: 2, state: 'serving', kept: null });
    },
    2 * PATIENCE_MS,
  );

  it(
    'empty: the target of a dropped collection is emptied, and filled when there is one again',
    async () => {
      const id = await follows('mirrored', 'empty', ['third', 'fourth']);
      // Text is no object: refused.
      await chaos.db.collection('third').insertOne({ items: 'refused' });
      await chaos.db.collection('fourth').insertOne({ items: 'refused' });
      const open = async (): Promise<number> =>
        (await chaos.lockstep.call('GET', `/api/v1/connectors/${id}`)).body.openDeadLetters as number;
      await eventually(async () => (await open()) === 2, { timeoutMs: PATIENCE_MS, what: 'two dead letters' });
      await chaos.db.collection('third').drop();
      await eventually(async () => (await count(chaos.index('mirrored', 'third'))) === 0, {
        timeoutMs: PATIENCE_MS,
        what: 'an empty target',
      });
      expect(await count(chaos.index('mirrored', 'fourth'))).toBe(COUNT);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      // What was refused is gone with its collection.
      await eventually(async () => (await open()) === 1, { timeoutMs: PATIENCE_MS, what: 'one dead letter' });
      await chaos.db.collection('fourth').deleteOne({ items: 'refused' });
      await eventually(async () => (await open()) === 0, { timeoutMs: PATIENCE_MS, what: 'no dead letter' });
      await chaos.db.collection('third').insertMany(shopOrders(20, 1_000));
      expect(await chaos.expectInLockstep('mirrored', 'third')).toBe(20);
      await chaos.db.collection('third').drop();
      await chaos.db.collection('third').insertMany(shopOrders(30, 2_000));
      await chaos.db.collection('fourth').deleteMany({ quantity: 1 });
      for (const name of ['third', 'fourth']) await chaos.expectInLockstep('mirrored', name);
    },
    3 * PATIENCE_MS,
  );

  it(
    'empty: a dropped database empties all of them',
    async () => {
      await chaos.client.db(chaos.database).dropDatabase();
      for (const name of ['third', 'fourth']) {
        await eventually(async () => (await count(chaos.index('mirrored', name))) === 0, {
          timeoutMs: PATIENCE_MS,
          what: `no document of ${name}`,
        });
      }
      await chaos.db.collection('fourth').insertMany(shopOrders(10, 3_000));
      expect(await chaos.expectInLockstep('mirrored', 'fourth')).toBe(10);
    },
    2 * PATIENCE_MS,
  );
});
