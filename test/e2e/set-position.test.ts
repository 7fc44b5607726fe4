import { MongoClient, type Collection } from 'mongodb';
import { eventually, expectInLockstep, httpJson, LockstepInstance, testServers, uniqueName } from '@lockstep/testing';

const { mongodbUrl, elasticsearchUrl } = testServers();
const COUNT = 200;

describe('a position set by hand', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('position');
  let orders: Collection<{ _id: number; v: number }>;
  let id: string;

  const sides = { mongodbUrl, elasticsearchUrl, database, collection: 'orders', index: `${database}-orders` };
  const setPosition = (body: Record<string, unknown>) =>
    lockstep.call('POST', `/api/v1/connectors/${id}/actions/setPosition`, body);
  /** A connector says that it is paused a moment before its worker has given it back. */
  const setPositionSoon = (body: Record<string, unknown>) =>
    eventually(
      async () => {
        const answer = await setPosition(body);
        return answer.status === 409 ? Promise.reject(new Error(JSON.stringify(answer.body))) : answer;
      },
      { timeoutMs: 30_000, what: 'the connector to be held by nobody' },
    );
  const observed = (state: string): Promise<boolean> =>
    eventually(async () => (await lockstep.connector(id)).observedState === state, {
      timeoutMs: 30_000,
      what: state,
    });
  /** The time of the source's last write, as `<seconds>.<increment>`, and a tick more. */
  const sourceTime = async (): Promise<{ readonly now: string; readonly next: string }> => {
    const { operationTime } = await client.db('admin').command({ ping: 1 });
    const { t, i } = operationTime as { t: number; i: number };
    return { now: `${String(t)}.${String(i)}`, next: `${String(t)}.${String(i + 1)}` };
  };
  const bulkJobs = async () => (await lockstep.jobs(id, 'bulk_sync')).map(({ state }) => state);

  beforeAll(async () => {
    await client.connect();
    orders = client.db(database).collection('orders');
    await orders.insertMany(Array.from({ length: COUNT }, (_, n) => ({ _id: n, v: 1 })));
    await lockstep.start();
    id = await lockstep.sync({
      name: 'position',
      source: { uri: mongodbUrl, database, collections: ['orders'] },
      sink: { index: '{database}-{collection}' },
    });
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, 60_000);

  it('is refused while the connector runs, and when it cannot be one', async () => {
    const { next } = await sourceTime();
    const running = await setPosition({ time: next, reason: 'x' });
    expect([running.status, running.body.code]).toEqual([409, 'JOB_STATE_CONFLICT']);
    for (const body of [{ time: next }, { reason: 'x' }, { time: 'soon', reason: 'x' }, { token: '82', reason: 'x' }]) {
      expect((await setPosition(body)).body.code).toBe('API_REQUEST_INVALID');
    }
  }, 30_000);

  it('forward leaves nothing out: everything is read again, deletions included', async () => {
    await lockstep.act(id, 'pause');
    await observed('paused');
    await orders.insertOne({ _id: COUNT, v: 1 });
    await orders.updateOne({ _id: 5 }, { $set: { v: 2 } });
    await orders.deleteMany({ _id: { $gte: 10, $lt: 20 } });
    const { now, next } = await sourceTime();
    const answer = await setPositionSoon({ time: next, reason: 'an entry cannot be read' });
    expect([answer.status, answer.body]).toMatchObject([202, { connectorId: id, to: next, isResyncDue: true }]);
    expect(Number(answer.body.from.split('.')[0])).toBeLessThanOrEqual(Number(now.split('.')[0]));
    await lockstep.call('GET', '/api/v1/connectors');
    const found = await httpJson(`${elasticsearchUrl}/${lockstep.prefix}-audit/_doc/${answer.body.auditId as string}`);
    expect((found.body as { _source: unknown })._source).toMatchObject({
      action: 'connector.positionSet',
      connectorId: id,
      details: { reason: 'an entry cannot be read', from: answer.body.from, to: next, isResyncDue: true },
    });

    await lockstep.act(id, 'resume');
    await eventually(async () => (await bulkJobs()).join() === 'completed,completed', {
      timeoutMs: 60_000,
      what: 'the second bulk sync',
    });
    await lockstep.untilStreaming(id);
    const [bulk] = await lockstep.jobs(id, 'bulk_sync');
    expect(bulk!.counters).toMatchObject({ deleted: 10 });
    expect((await expectInLockstep(sides)).checked).toBe(COUNT + 1 - 10);
    await orders.updateOne({ _id: 6 }, { $set: { v: 3 } });
    await expectInLockstep(sides);
  }, 150_000);

  it('back applies changes again, overwrites nothing newer, and needs no bulk sync', async () => {
    const { now } = await sourceTime();
    for (let n = 100; n < 130; n += 1) await orders.updateOne({ _id: n }, { $set: { v: 7 } });
    await expectInLockstep(sides);
    await lockstep.act(id, 'stop');
    await observed('idle');
    const answer = await setPositionSoon({ time: now, reason: 'to be sure' });
    expect([answer.status, answer.body]).toMatchObject([202, { to: now, isResyncDue: false }]);
    await lockstep.act(id, 'start');
    await lockstep.untilStreaming(id);
    await eventually(
      async () => {
        const [stream] = await lockstep.jobs(id, 'stream_sync');
        return stream!.state === 'running' && stream!.progress.done >= 30;
      },
      { timeoutMs: 60_000, what: 'the changes to be applied again' },
    );
    expect(await bulkJobs()).toEqual(['completed', 'completed']);
    await expectInLockstep(sides);
  }, 150_000);

  it('that the source does not accept asks for a resync', async () => {
    await lockstep.act(id, 'pause');
    await observed('paused');
    const { now } = await sourceTime();
    const hex = now.split('.').map((part) => Number(part).toString(16).padStart(8, '0'));
    const token = `82${hex.join('')}FFFFFFFF`;
    const answer = await setPositionSoon({ token, reason: 'a wrong one' });
    expect([answer.status, answer.body]).toMatchObject([202, { to: now }]);
    await lockstep.act(id, 'resume');
    await observed('resync_required');
    expect((await lockstep.connector(id)).conditions.map(({ code }) => code)).toEqual(['SOURCE_POSITION_INVALID']);
    const jobId = (await lockstep.act(id, 'resync'))!;
    await eventually(async () => (await lockstep.job(jobId)).state === 'completed', { timeoutMs: 60_000 });
    await lockstep.untilStreaming(id);
    await expectInLockstep(sides);
  }, 150_000);

  it('moves a generation on its way along: both read again what is left out', async () => {
    const filter = { v: { $lt: 5 } };
    await orders.updateMany({ _id: { $gte: 100 } }, { $set: { v: 5 } });
    await lockstep.call('PATCH', `/api/v1/connectors/${id}`, { source: { filter } });
    const filling = (await lockstep.act(id, 'resync'))!;
    const held = async () => (await lockstep.job(filling)).condition?.code === 'GENERATION_BRAKE_ENGAGED';
    await eventually(held, { timeoutMs: 60_000, what: 'the new generation to be held' });
    const before = (await bulkJobs()).length;
    await lockstep.act(id, 'pause');
    await observed('paused');
    await orders.deleteMany({ _id: { $gte: 20, $lt: 30 } });
    await orders.updateOne({ _id: 40 }, { $set: { v: 9 } });
    const { next } = await sourceTime();
    const answer = await setPositionSoon({ time: next, reason: 'an entry cannot be read' });
    expect([answer.status, answer.body]).toMatchObject([202, { to: next, isResyncDue: true }]);

    await lockstep.act(id, 'resume');
    const scannedAgain = async (): Promise<boolean> => {
      const [newest, ...others] = await bulkJobs();
      return others.length === before && newest === 'completed';
    };
    await eventually(scannedAgain, { timeoutMs: 60_000, what: 'the bulk sync of the generation that serves' });
    expect((await expectInLockstep(sides)).checked).toBe(await orders.countDocuments());
    await eventually(held, { timeoutMs: 60_000, what: 'the new generation to be held again' });
    await lockstep.call('POST', `/api/v1/jobs/${filling}/actions/confirm`);
    await eventually(async () => (await lockstep.job(filling)).state === 'completed', { timeoutMs: 60_000 });
    expect((await expectInLockstep({ ...sides, filter })).checked).toBe(await orders.countDocuments(filter));
  }, 200_000);

  it('is not needed for a collection that came while no worker ran: it is scanned like all others', async () => {
    const [worker] = lockstep.workers;
    const name = uniqueName('late');
    await client.db(database).collection('late_1').insertOne({});
    const other = await lockstep.sync({
      name,
      source: { uri: mongodbUrl, database, collections: ['late_*'] },
      sink: { index: '{database}-{collection}' },
    });
    expect(await worker!.stop('SIGTERM')).toBe(0);
    await client
      .db(database)
      .collection('late_2')
      .insertMany(Array.from({ length: 50 }, () => ({})));
    await worker!.start();
    await eventually(
      async () => (await lockstep.jobs(other, 'bulk_sync')).map(({ state }) => state).join() === 'completed,completed',
      { timeoutMs: 60_000, what: 'a bulk sync of the new collection' },
    );
    await lockstep.untilStreaming(other);
    const late = { ...sides, collection: 'late_2', index: `${database}-late_2` };
    expect((await expectInLockstep(late)).checked).toBe(50);
  }, 150_000);
});
