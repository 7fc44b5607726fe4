import { setTimeout as pause } from 'node:timers/promises';
import { MongoClient, type Collection, type ObjectId } from 'mongodb';
import {
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { shopOrders } from './shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 120_000, intervalMs: 100 };
/** Dead workers are noticed sooner than by default. */
const IMPATIENT = {
  LOCKSTEP_SCAN_TURN_MS: '300',
  LOCKSTEP_LEASE_TTL_MS: '6000',
  LOCKSTEP_HEARTBEAT_INTERVAL_MS: '1500',
};
const COUNT = 5_000;
const PACE_MS = 100;
const EVEN = { filter: { quantity: { $lt: 4 } } };

jest.setTimeout(300_000);

describe('generations', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: IMPATIENT });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('generations');
  const writers: (() => Promise<void>)[] = [];
  let orders: Collection;
  let id: string;

  const name = `${database}-orders`;
  const sides = (more: Partial<ComparedSides> = {}): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection: 'orders', index: name },
    ...more,
  });
  const behindAlias = async (): Promise<string[]> =>
    Object.keys((await httpJson(`${elasticsearchUrl}/_alias/${name}`)).body).sort();
  const exists = async (index: string): Promise<boolean> =>
    (await httpJson(`${elasticsearchUrl}/${index}/_mapping`)).status === 200;
  const served = async (): Promise<number> =>
    (await httpJson(`${elasticsearchUrl}/${name}/_count`)).body.count as number;
  /** A document of Lockstep's own. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- of whatever shape
  const stored = async (index: string, documentId: string): Promise<any> =>
    (await httpJson(`${elasticsearchUrl}/${lockstep.prefix}-${index}-v1/_doc/${documentId}`)).body._source;
  const states = async (): Promise<string[]> => {
    const { body } = await lockstep.call('GET', `/api/v1/connectors/${id}/generations`);
    return (body.items as { number: number; state: string }[]).map(({ number, state }) => `${number} ${state}`);
  };
  const ended = (jobId: string) =>
    eventually(
      async () => {
        const job = await lockstep.job(jobId);
        return ['completed', 'failed', 'canceled'].includes(job.state)
          ? job
          : Promise.reject(new Error(JSON.stringify(job)));
      },
      { ...SOON, what: 'the job to end' },
    );
  const isResyncDue = async (): Promise<boolean> =>
    (await lockstep.connector(id)).conditions.some(({ code }) => code === 'CONNECTOR_RESYNC_DUE');
  /** Waits until a job waits for a confirmation, by its code. */
  const held = (jobId: string, code: string) =>
    eventually(async () => (await lockstep.job(jobId)).condition?.code === code, { ...SOON, what: code });

  /** Writes of every kind, about a hundred documents a second, until it is told to stop. */
  function writer(): () => Promise<void> {
    let isOver = false;
    const running = (async () => {
      for (let i = 0; !isOver; i += 1) {
        await orders.insertMany(shopOrders(5, 100_000 + i * 5));
        const some = await orders
          .aggregate<{ _id: ObjectId }>([{ $sample: { size: 10 } }, { $project: { _id: 1 } }])
          .toArray();
        const ids = some.map(({ _id }) => _id);
        await orders.updateMany({ _id: { $in: ids.slice(3) } }, { $set: { title: `round ${i}` } });
        await orders.deleteMany({ _id: { $in: ids.slice(0, 3) } });
        await pause(PACE_MS);
      }
    })();
    const stop = (): Promise<void> => {
      isOver = true;
      return running;
    };
    writers.push(stop);
    return stop;
  }

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    await orders.insertMany(shopOrders(COUNT));
    await lockstep.start();
    id = await lockstep.sync({
      name: 'orders',
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index: name },
    });
  }, 120_000);

  afterAll(async () => {
    await Promise.all(writers.map((stop) => stop()));
    await lockstep.stop();
    for (let number = 1; number < 20; number += 1) {
      await httpJson(`${elasticsearchUrl}/${name}-${String(number).padStart(6, '0')}`, { method: 'DELETE' });
    }
    await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  it('a resync fills a new one beside the one that serves, and takes its place without a gap', async () => {
    const [stream] = await lockstep.jobs(id, 'stream_sync');
    const stopWriting = writer();
    const seen: { index: string; count: number }[] = [];
    const jobId = (await lockstep.act(id, 'resync'))!;
    await eventually(
      async () => {
        seen.push({ index: (await behindAlias()).join(' '), count: await served() });
        return (await lockstep.job(jobId)).state === 'completed';
      },
      { ...SOON, intervalMs: 250, what: 'the resync to complete' },
    );
    // On a busy machine the last look at the aliases may be from before they moved.
    seen.push({ index: (await behindAlias()).join(' '), count: await served() });
    await stopWriting();
    seen.push({ index: (await behindAlias()).join(' '), count: await served() });
    expect(new Set(seen.map(({ index }) => index))).toEqual(new Set([`${name}-000001`, `${name}-000002`]));
    expect(Math.min(...seen.map(({ count }) => count))).toBeGreaterThan(COUNT * 0.9);
    expect(await states()).toEqual(['1 retired', '2 serving']);
    const { checked } = await expectInLockstep(sides(), SOON);
    expect(checked).toBe(await orders.countDocuments());
    await lockstep.untilStreaming(id);
    // The stream sync of a connector is one job, whichever generation it feeds.
    expect(await lockstep.jobs(id, 'stream_sync')).toMatchObject([{ id: stream!.id, state: 'running' }]);
    // Whoever worked on it before let go without a word, whether it heard of the takeover or of the job first.
    expect((await stored('jobs', stream!.id)).takenUpBy).toContain(`${id}:2:0@`);
    const isAtRest = async () => {
      const { lease, observedState } = await stored('state', `${id}:1:0`);
      return lease === null && observedState === 'idle';
    };
    await eventually(isAtRest, { ...SOON, what: 'the generation before to be at rest' });
    const failures = lockstep.workers.flatMap(({ output }) => output.match(/^.*"session\.failed".*$/gm) ?? []);
    expect(failures.filter((line) => line.includes('JOB_LEASE_LOST'))).toEqual([]);
    expect((await lockstep.connector(id)) as unknown).toMatchObject({
      bindings: [{ namespace: `${database}.orders`, index: `${name}-000002` }],
    });
  });

  it('a changed filter waits for a resync, and the brake holds a generation that would serve far less', async () => {
    await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: EVEN });
    await eventually(isResyncDue, { ...SOON, what: 'the connector to say that a resync is due' });
    await orders.insertMany(shopOrders(50, 200_000));
    await expectInLockstep(sides(), SOON);

    const jobId = (await lockstep.act(id, 'resync'))!;
    await held(jobId, 'GENERATION_BRAKE_ENGAGED');
    expect(await lockstep.job(jobId)).toMatchObject({ heldCollections: ['orders'], confirmedCollections: [] });
    expect(await behindAlias()).toEqual([`${name}-000002`]);
    expect(await states()).toEqual(['1 retired', '2 serving', '3 filling']);
    await orders.insertMany(shopOrders(50, 210_000));
    await expectInLockstep(sides(), SOON);
    expect((await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/confirm`)).status).toBe(202);
    expect(await ended(jobId)).toMatchObject({ state: 'completed', error: null });
    const { checked } = await expectInLockstep(sides(EVEN), SOON);
    expect(checked).toBe(await orders.countDocuments(EVEN.filter));
    await lockstep.untilStreaming(id);
    expect((await lockstep.connector(id)).conditions).toEqual([]);
  });

  it('a rollback replays what the one before missed, by the rules of its time', async () => {
    await orders.deleteMany({ quantity: 5 });
    await orders.insertMany(shopOrders(80, 300_000));
    const jobId = (await lockstep.act(id, 'rollback'))!;
    expect(await ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await behindAlias()).toEqual([`${name}-000002`]);
    expect(await states()).toEqual(['1 retired', '2 serving', '3 retired']);
    const { checked } = await expectInLockstep(sides(), SOON);
    expect(checked).toBe(await orders.countDocuments());
    await eventually(isResyncDue, { ...SOON, what: 'the connector to say that a resync is due' });
    await orders.deleteMany({ quantity: 6 });
    await expectInLockstep(sides(), SOON);
  });

  it('a retired one is deleted on request, one that serves never', async () => {
    const path = `/api/v1/connectors/${id}/generations`;
    expect(await lockstep.call('DELETE', `${path}/2`)).toMatchObject({
      status: 409,
      body: { code: 'JOB_STATE_CONFLICT' },
    });
    expect(await lockstep.call('DELETE', `${path}/9`)).toMatchObject({
      status: 404,
      body: { code: 'GENERATION_UNKNOWN' },
    });
    expect((await lockstep.call('DELETE', `${path}/3`)).status).toBe(202);
    await eventually(async () => (await states()).join() === '1 retired,2 serving', { ...SOON, what: 'the removal' });
    expect([await exists(`${name}-000003`), await exists(`${name}-000001`)]).toEqual([false, true]);
    await expectInLockstep(sides(), SOON);
  });

  it('a canceled one leaves nothing behind, and its number is not used again', async () => {
    const jobId = (await lockstep.act(id, 'resync'))!;
    await held(jobId, 'GENERATION_BRAKE_ENGAGED');
    await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/cancel`);
    expect(await ended(jobId)).toMatchObject({ state: 'canceled' });
    await eventually(async () => (await states()).join() === '1 retired,2 serving', { ...SOON, what: 'the removal' });
    expect(await exists(`${name}-000004`)).toBe(false);
    expect((await lockstep.connector(id)).desiredState).toBe('running');
    await expectInLockstep(sides(), SOON);
  });

  it('one whose worker is gone ends with a connector that is stopped', async () => {
    const jobId = (await lockstep.act(id, 'resync'))!;
    await held(jobId, 'GENERATION_BRAKE_ENGAGED');
    const [worker] = lockstep.workers;
    await worker!.stop('SIGTERM');
    // Nobody holds anything: the stream sync ends at once, and only the other job is left.
    const [stream] = await lockstep.jobs(id, 'stream_sync');
    expect(await lockstep.call('POST', `/api/v1/jobs/${stream!.id}/actions/cancel`)).toMatchObject({
      ...{ status: 202, body: { state: 'canceled' } },
    });
    await worker!.start();
    expect(await ended(jobId)).toMatchObject({ state: 'canceled' });
    await eventually(async () => (await lockstep.connector(id)).observedState === 'idle', { ...SOON, what: 'idle' });
    expect((await lockstep.connector(id)).desiredState).toBe('stopped');
    await lockstep.act(id, 'start');
    const isGone = async (): Promise<boolean> => !(await states()).some((state) => /filling|discarding/.test(state));
    await eventually(isGone, { ...SOON, what: 'the removal' });
    await orders.updateOne({}, { $set: { title: 'is followed again' } });
    await expectInLockstep(sides(), SOON);
  });

  it('one whose read alias somebody else has taken meanwhile is given up, and the one that serves goes on', async () => {
    const jobId = (await lockstep.act(id, 'resync'))!;
    await held(jobId, 'GENERATION_BRAKE_ENGAGED');
    const foreign = `${elasticsearchUrl}/${name}-foreign`;
    expect((await httpJson(foreign, { method: 'PUT', body: { aliases: { [name]: {} } } })).status).toBe(200);
    try {
      expect((await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/confirm`)).status).toBe(202);
      expect(await ended(jobId)).toMatchObject({ state: 'failed', error: { code: 'SINK_TARGET_FOREIGN' } });
      await eventually(async () => (await states()).join() === '1 retired,2 serving', { ...SOON, what: 'the removal' });
    } finally {
      await httpJson(foreign, { method: 'DELETE' });
    }
    await expectInLockstep(sides(), SOON);
  });

  it('a resync in place takes changed rules up, too', async () => {
    const jobId = (await lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
    await held(jobId, 'SWEEP_BRAKE_ENGAGED');
    expect((await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/confirm`)).status).toBe(202);
    expect(await ended(jobId)).toMatchObject({ state: 'completed' });
    await expectInLockstep(sides(EVEN), SOON);
    expect(await behindAlias()).toEqual([`${name}-000002`]);
    await lockstep.untilStreaming(id);
  });

  it.each([
    ['scan.saved', 'completed'],
    ['generation.committed', 'completed'],
    // A cancellation that comes behind the point of no return is answered, and the generation serves.
    ['generation.aliased', 'canceled'],
    ['generation.served', 'completed'],
  ])('a worker killed at %s is followed by one that brings it to its end: %s', async (point, end) => {
    const [worker] = lockstep.workers;
    await worker!.stop('SIGTERM');
    const doomed = await lockstep.startWorker({ LOCKSTEP_TEST_KILL_POINT: point });
    const stopWriting = writer();
    const jobId = (await lockstep.act(id, 'resync'))!;
    await eventually(() => !doomed.isRunning, { ...SOON, what: `the death at ${point}` });
    lockstep.workers.splice(lockstep.workers.indexOf(doomed), 1);
    if (end === 'canceled') await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/cancel`);
    await worker!.start();
    expect(await ended(jobId)).toMatchObject({ state: end, error: null });
    await stopWriting();
    await expectInLockstep(sides(EVEN), SOON);
    expect((await states()).filter((state) => state.endsWith(' serving'))).toHaveLength(1);
    expect((await states()).filter((state) => /filling|switching|returning/.test(state))).toEqual([]);
    await lockstep.untilStreaming(id, 120_000);
    expect((await behindAlias()).length).toBe(1);
  });

  it('one whose index is deleted past the point of no return is filled once more, and serves', async () => {
    const [worker] = lockstep.workers;
    await worker!.stop('SIGTERM');
    const doomed = await lockstep.startWorker({ LOCKSTEP_TEST_KILL_POINT: 'generation.committed' });
    const jobId = (await lockstep.act(id, 'resync'))!;
    await eventually(() => !doomed.isRunning, { ...SOON, what: 'the death' });
    lockstep.workers.splice(lockstep.workers.indexOf(doomed), 1);
    const number = (await states()).find((state) => state.endsWith(' switching'))!.split(' ')[0]!;
    const index = `${name}-${number.padStart(6, '0')}`;
    expect((await httpJson(`${elasticsearchUrl}/${index}`, { method: 'DELETE' })).status).toBe(200);
    await worker!.start();
    expect(await ended(jobId)).toMatchObject({ state: 'completed', error: null });
    expect(await behindAlias()).toEqual([index]);
    await expectInLockstep(sides(EVEN), SOON);
    await lockstep.untilStreaming(id, 120_000);
  });
});

describe('a connector whose database is changed', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: IMPATIENT });
  const client = new MongoClient(mongodbUrl);
  const [before, after] = [uniqueName('before'), uniqueName('after')];
  let id: string;

  const sides = (database: string): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection: 'orders', index: `${database}.orders` },
  });
  const aliases = async (): Promise<string[]> => {
    const { body } = await httpJson(`${elasticsearchUrl}/${before}*,${after}*/_alias`);
    const found = Object.values(body as Record<string, { aliases: object }>);
    return found.flatMap((index) => Object.keys(index.aliases).filter((alias) => alias.endsWith('.orders')));
  };
  const ended = (jobId: string) =>
    eventually(async () => ['completed', 'failed'].includes((await lockstep.job(jobId)).state), {
      ...SOON,
      what: 'the job to end',
    }).then(() => lockstep.job(jobId));

  beforeAll(async () => {
    await client.connect();
    for (const database of [before, after]) {
      await client.db(database).collection('orders').insertMany(shopOrders(50));
    }
    await lockstep.start();
    id = await lockstep.sync({
      name: 'moving',
      source: { uri: mongodbUrl, database: before, collections: ['orders'] },
      sink: { index: '{database}.{collection}' },
    });
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    for (const [name, number] of [
      [before, 1],
      [after, 2],
    ]) {
      await httpJson(`${elasticsearchUrl}/${name}.orders-00000${number}`, { method: 'DELETE' });
    }
    for (const database of [before, after]) await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  it('follows the one of before until a resync, whose takeover has to be confirmed', async () => {
    const change = { source: { database: after } };
    expect((await lockstep.call('PATCH', `/api/v1/connectors/${id}`, change)).status).toBe(200);
    await eventually(
      async () => (await lockstep.connector(id)).conditions.map(({ code }) => code).join() === 'CONNECTOR_RESYNC_DUE',
      { ...SOON, what: 'CONNECTOR_RESYNC_DUE alone' },
    );
    await client.db(before).collection('orders').deleteMany({ quantity: 3 });
    await expectInLockstep(sides(before), SOON);
    const jobId = (await lockstep.act(id, 'resync'))!;
    await eventually(async () => (await lockstep.job(jobId)).condition?.code === 'GENERATION_BRAKE_ENGAGED', {
      ...SOON,
      what: 'the brake',
    });
    expect(await aliases()).toEqual([`${before}.orders`]);
    const { body } = await lockstep.call('GET', `/api/v1/connectors/${id}`);
    expect(body.bindings).toEqual([{ namespace: `${before}.orders`, index: `${before}.orders-000001` }]);
    await lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/confirm`);
    expect(await ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await aliases()).toEqual([`${after}.orders`]);
    await expectInLockstep(sides(after), SOON);
    await lockstep.untilStreaming(id);
  });

  it('comes back to the one of before by a rollback', async () => {
    await client.db(before).collection('orders').insertMany(shopOrders(20, 500));
    const jobId = (await lockstep.act(id, 'rollback'))!;
    expect(await ended(jobId)).toMatchObject({ state: 'completed' });
    expect(await aliases()).toEqual([`${before}.orders`]);
    await expectInLockstep(sides(before), SOON);
  });
});
