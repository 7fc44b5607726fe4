import { Int32, MongoClient, type Db, type Document } from 'mongodb';
import {
  compareBothSides,
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { openLetters, type OpenLetter } from './open-letters';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 120_000, intervalMs: 200 };

const TOTAL = 200_000;
const REFUSED = TOTAL / 20;
const BATCH = 10_000;

jest.setTimeout(300_000);

describe('documents that Elasticsearch refuses', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('refused');
  let db: Db;

  const sides = (collection: string, except: ReadonlySet<string> = new Set()): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection, index: `${database}-${collection}`, except },
  });
  const definition = (collection: string, sink: object = {}): Record<string, unknown> => ({
    name: collection,
    source: { uri: mongodbUrl, database, collections: [collection] },
    sink: { index: `${database}-${collection}`, mappings: { properties: { amount: { type: 'long' } } }, ...sink },
  });
  const good = (n: number): Document => ({ _id: new Int32(n), amount: new Int32(n), text: `document ${n}` });
  const bad = (n: number): Document => ({ _id: new Int32(n), amount: `secret ${n}`, text: `document ${n}` });
  const idOf = (n: number): string => `{"$number":"${n}"}`;

  beforeAll(async () => {
    await client.connect();
    db = client.db(database);
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    for (const { name } of await db.listCollections().toArray()) {
      await httpJson(`${elasticsearchUrl}/${database}-${name}-000001`, { method: 'DELETE' });
    }
    await db.dropDatabase();
    await client.close();
  }, 120_000);

  /** All open dead letters, line by line. */
  async function exportedLetters(connectorId: string): Promise<readonly OpenLetter[]> {
    const answer = await fetch(`${lockstep.api.url}/api/v1/connectors/${connectorId}/dead-letters/export`);
    const lines = (await answer.text()).split('\n').filter((line) => line !== '');
    return lines.map((line) => JSON.parse(line) as OpenLetter);
  }

  /** The ids of the open dead letters, once there are so many; each names its field and shows no content. */
  async function lettersOf(connectorId: string, count: number): Promise<ReadonlySet<string>> {
    const letters = await eventually(
      async () => {
        const found = await openLetters(lockstep, connectorId);
        if (found.length === count) return found;
        throw new Error(`${found.length} open dead letters`);
      },
      { ...SOON, what: `${count} dead letters` },
    );
    for (const letter of letters) {
      expect(letter).toMatchObject({ field: 'amount', code: 'SINK_DOCUMENT_REJECTED', reason: null, body: null });
    }
    expect(JSON.stringify(letters)).not.toContain('secret');
    return new Set(letters.map(({ documentId }) => documentId));
  }

  it('cost no other document anything when they are 5 % of 200 000, and are all written once they can be', async () => {
    const isBad = (n: number): boolean => n % 20 === 7;
    const many = db.collection('many');
    for (let from = 0; from < TOTAL; from += BATCH) {
      await many.insertMany(Array.from({ length: BATCH }, (_, i) => (isBad(from + i) ? bad : good)(from + i)));
    }
    // The scan begins at the time of the newest write, which shall be none of these: the stream would take it again.
    await db.collection('later').insertOne({}, { writeConcern: { w: 'majority' } });
    const connectorId = await lockstep.createConnector(definition('many'));
    const jobId = (await lockstep.act(connectorId, 'start'))!;
    await lockstep.untilStreaming(connectorId, 180_000);

    const letters = await exportedLetters(connectorId);
    expect(letters.map(({ documentId }) => documentId).sort()).toEqual(
      Array.from({ length: TOTAL }, (_, n) => n)
        .filter(isBad)
        .map(idOf)
        .sort(),
    );
    expect(letters.filter(({ field, code }) => field !== 'amount' || code !== 'SINK_DOCUMENT_REJECTED')).toEqual([]);
    const job = await lockstep.job(jobId);
    expect(job).toMatchObject({ state: 'completed', error: null, progress: { done: TOTAL } });
    expect(job.counters).toMatchObject({ indexed: TOTAL - REFUSED, deadLettered: REFUSED });
    expect(job.counters.indexed! + job.counters.deadLettered!).toBe(await many.countDocuments());
    expect(await lockstep.connector(connectorId)).toMatchObject({ observedState: 'streaming', conditions: [] });
    const refused = new Set(letters.map(({ documentId }) => documentId));
    expect(await expectInLockstep(sides('many', refused), SOON)).toMatchObject({ checked: TOTAL - REFUSED });

    const mended = { properties: { amount: { type: 'long', ignore_malformed: true } } };
    const mapping = `${elasticsearchUrl}/${database}-many/_mapping`;
    expect((await httpJson(mapping, { method: 'PUT', body: mended })).status).toBe(200);
    const path = `/api/v1/connectors/${connectorId}/dead-letters`;
    expect((await lockstep.call('POST', `${path}/actions/retry`)).body).toEqual({ count: REFUSED });
    await eventually(async () => (await lockstep.call('GET', `${path}?pageSize=1`)).body.items.length === 0, {
      ...SOON,
      intervalMs: 1_000,
      what: 'no open dead letter',
    });
    expect(await expectInLockstep(sides('many'), SOON)).toMatchObject({ checked: TOTAL });
  });

  it('do not hold the stream up, and are resolved when they are mended', async () => {
    const steady = db.collection('steady');
    await steady.insertMany([good(1), good(2)]);
    const connectorId = await lockstep.sync(definition('steady'));
    await steady.insertOne(bad(3));
    await steady.insertOne(good(4));
    // The stream went past it at once: the good one behind it is there.
    await eventually(async () => {
      const { body } = await httpJson(`${elasticsearchUrl}/${database}-steady/_doc/${encodeURIComponent(idOf(4))}`);
      return body.found === true;
    }, SOON);
    expect(await lettersOf(connectorId, 1)).toEqual(new Set([idOf(3)]));
    await expectInLockstep(sides('steady', new Set([idOf(3)])), SOON);
    await steady.updateOne({ _id: new Int32(3) }, { $set: { amount: new Int32(3) } });
    await lettersOf(connectorId, 0);
    expect(await expectInLockstep(sides('steady'), SOON)).toMatchObject({ checked: 4 });
  });

  it('lose 0 others when there are 60 in a row, in the scan and in the stream', async () => {
    const rows = db.collection('rows');
    const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
    await rows.insertMany([...numbers(0, 500).map(good), ...numbers(500, 60).map(bad), ...numbers(560, 500).map(good)]);
    const connectorId = await lockstep.sync(definition('rows'));
    await rows.insertMany([...numbers(2_000, 60).map(bad), ...numbers(2_060, 500).map(good)]);
    const refused = await lettersOf(connectorId, 120);
    expect(await expectInLockstep(sides('rows', refused), SOON)).toMatchObject({ checked: 1_500 });
    expect(await lockstep.jobs(connectorId, 'stream_sync')).toMatchObject([{ state: 'running' }]);
  });

  it('name the field when a point is none', async () => {
    const places = db.collection<{ _id: Int32; point: unknown }>('places');
    await places.insertMany([
      { _id: new Int32(1), point: [13.4, 52.5] },
      { _id: new Int32(2), point: [13.4, 152.5] },
      { _id: new Int32(3), point: { lat: 52.5, lon: 13.4 } },
      { _id: new Int32(4), point: { type: 'Point', coordinates: [13.4, 52.5] } },
      { _id: new Int32(5), point: { type: 'Polygon', coordinates: [] } },
    ]);
    const mappings = { properties: { point: { type: 'geo_point' } } };
    const connectorId = await lockstep.sync(definition('places', { mappings }));
    const letters = await openLetters(lockstep, connectorId);
    expect(letters.map(({ documentId, field }) => [documentId, field]).sort()).toEqual([
      [idOf(2), 'point'],
      [idOf(5), 'point'],
    ]);
    const refused = new Set(letters.map(({ documentId }) => documentId));
    expect(await expectInLockstep(sides('places', refused), SOON)).toMatchObject({ checked: 3 });
  });

  it('leave 0 outdated states behind when an update is refused', async () => {
    const updated = db.collection('updated');
    await updated.insertMany([good(1), good(2)]);
    const connectorId = await lockstep.sync(definition('updated'));
    await expectInLockstep(sides('updated'), SOON);
    await updated.updateOne({ _id: new Int32(1) }, { $set: { amount: 'secret' } });
    const refused = await lettersOf(connectorId, 1);
    await expectInLockstep(sides('updated', refused), SOON);
    const { extra } = await compareBothSides(sides('updated'));
    expect(extra).toEqual([]);
    const { body } = await httpJson(`${elasticsearchUrl}/${database}-updated/_doc/${encodeURIComponent(idOf(1))}`);
    expect(body.found).toBe(false);
    await updated.deleteOne({ _id: new Int32(1) as never });
    await lettersOf(connectorId, 0);
  });

  it('stop a run when everything is refused, with a summary in words without content', async () => {
    await db.collection('hopeless').insertMany(Array.from({ length: 2_000 }, (_, n) => bad(n)));
    const connectorId = await lockstep.createConnector(definition('hopeless'));
    const jobId = (await lockstep.act(connectorId, 'start'))!;
    const condition = await eventually(
      async () => {
        const { conditions, observedState } = await lockstep.connector(connectorId);
        const found = conditions.find(({ code }) => code === 'SINK_ERROR_MONITOR_TRIPPED');
        if (found !== undefined) return found;
        throw new Error(`${observedState} ${JSON.stringify(conditions)}`);
      },
      { ...SOON, what: 'the error monitor' },
    );
    expect(condition.message).toMatch(/documents in a row were refused, \d+ in this run: .*in field amount \(\d+\)/);
    expect(condition.message).not.toContain('secret');
    expect((await lockstep.job(jobId)).state).not.toBe('completed');
    const { body } = await httpJson(`${elasticsearchUrl}/${database}-hopeless/_count`);
    expect(body.count).toBe(0);
    expect((await openLetters(lockstep, connectorId)).length).toBeGreaterThanOrEqual(100);
  });
});
