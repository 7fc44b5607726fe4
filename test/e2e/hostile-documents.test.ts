import { MongoClient, type Collection, type Db } from 'mongodb';
import {
  compareBothSides,
  ElasticsearchFaultProxy,
  eventually,
  httpJson,
  isInLockstep,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { expectedId } from '../../libs/testing/src/comparer/expected-id.js';
import { hostileDocuments, type HostileDocument, type Hostility } from './hostile-collection';
import { RawConnection } from './hostile-wire';
import { openLetters } from './open-letters';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 120_000, intervalMs: 200 };
const COLLECTION = 'everything';

jest.setTimeout(300_000);

/** `['_id', …]` in front of the fields. */
const whole = ({ id, elements }: HostileDocument) => [['_id', id] as const, ...elements];
const idsOf = (documents: readonly HostileDocument[]): string[] => documents.map(({ id }) => expectedId(id));

describe('a collection that has everything wrong at once', () => {
  // Another time zone and language than the test's own: neither has a say in what is written.
  const env = { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' };
  const lockstep = new LockstepInstance({ elasticsearchUrl, env });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('hostile');
  const index = `${database}-everything`;
  const sides: ComparedSides = { mongodbUrl, elasticsearchUrl, database, collection: COLLECTION, index };
  const before = hostileDocuments('before');
  const during = hostileDocuments('during');
  const live = hostileDocuments('live');
  const doomed = before.filter(({ hostility }, i) => hostility === 'id' && i % 3 === 0);
  let db: Db;
  let everything: Collection;
  let wire: RawConnection;
  let proxy: ElasticsearchFaultProxy;
  let connectorId: string;
  let jobId: string;

  beforeAll(async () => {
    await client.connect();
    db = client.db(database);
    everything = db.collection(COLLECTION);
    wire = await RawConnection.open(mongodbUrl);
    proxy = await ElasticsearchFaultProxy.start(elasticsearchUrl);
    await lockstep.start();
  }, 120_000);

  afterAll(async () => {
    await lockstep.stop();
    await proxy.stop();
    await wire[Symbol.asyncDispose]();
    await db.dropDatabase();
    await client.close();
    await httpJson(`${elasticsearchUrl}/${index}-000001`, { method: 'DELETE' });
  }, 120_000);

  const insert = async (documents: readonly HostileDocument[]): Promise<void> => {
    for (const document of documents) await wire.insert(database, COLLECTION, [whole(document)]);
  };

  /** Waits until every document is in the index exactly, or an open dead letter that names its field. */
  async function expectComplete(): Promise<{ readonly indexed: number; readonly refused: readonly string[] }> {
    return eventually(
      async () => {
        const letters = await openLetters(lockstep, connectorId);
        const refused = letters.map(({ documentId }) => documentId);
        const comparison = await compareBothSides({ ...sides, except: new Set(refused) });
        if (!isInLockstep(comparison)) throw new Error(JSON.stringify({ ...comparison, refused }).slice(0, 2_000));
        const { body } = await httpJson(`${elasticsearchUrl}/${index}/_count`);
        const indexed = body.count as number;
        expect({ indexed, sum: indexed + refused.length }).toEqual({ indexed, sum: await everything.countDocuments() });
        for (const { field, errorType } of letters) {
          expect({ field, errorType }).toEqual({ field: expect.stringMatching(/./), errorType: expect.any(String) });
        }
        return { indexed, refused };
      },
      { ...SOON, what: 'both sides to agree' },
    );
  }

  function expectRefused(refused: readonly string[], documents: readonly HostileDocument[]): void {
    const conflicts = idsOf(documents.filter(({ hostility }) => hostility === 'conflict'));
    expect([...refused].sort()).toEqual(conflicts.sort());
  }

  /** Compared once: nothing changes while the losses are counted. */
  let losses: Promise<readonly string[]> | undefined;

  /** How many of the documents are not in the index exactly. */
  async function lossesAmong(ids: readonly string[]): Promise<number> {
    losses ??= compareBothSides(sides).then(({ missing, wrong }) => [...missing, ...wrong]);
    const wanted = new Set(ids);
    return (await losses).filter((id) => wanted.has(id)).length;
  }

  it('is complete after a scan during which everything changes', async () => {
    await insert(before);
    proxy.refuseRequests(({ path }) =>
      path.includes('/_bulk') ? { status: 503, type: 'cluster_block_exception' } : undefined,
    );
    connectorId = await lockstep.createConnector({
      name: 'everything',
      source: { uri: mongodbUrl, database, collections: [COLLECTION] },
      sink: { index, elasticsearch: { url: proxy.url } },
    });
    jobId = (await lockstep.act(connectorId, 'start'))!;
    // The first page is read, and cannot be written.
    await eventually(() => proxy.requests.some(({ path }) => path.includes('/_bulk')), SOON);
    await insert(during);
    await everything.updateMany({}, { $set: { touched: 'during' } });
    expect(await wire.delete(database, COLLECTION, doomed.map(({ id }) => id))).toBe(doomed.length); // prettier-ignore
    proxy.heal();
    await lockstep.untilStreaming(connectorId, 180_000);
    const { indexed, refused } = await expectComplete();
    expectRefused(refused, [...before, ...during]);
    expect(indexed).toBe(before.length + during.length - doomed.length - refused.length);
    expect((await lockstep.job(jobId)).state).toBe('completed');
  });

  it('stays complete while everything changes live', async () => {
    await insert(live);
    await insert(doomed);
    await everything.updateMany({}, { $set: { touched: 'live' } });
    const gone = before.filter(({ hostility }, i) => hostility !== 'conflict' && i % 4 === 1);
    expect(await wire.delete(database, COLLECTION, gone.map(({ id }) => id))).toBe(gone.length); // prettier-ignore
    await insert(gone);
    await everything.updateMany({ touched: { $exists: false } }, { $set: { again: 1 } });
    const { refused } = await expectComplete();
    expectRefused(refused, [...before, ...during, ...live]);
    expect(await lockstep.jobs(connectorId, 'stream_sync')).toMatchObject([{ state: 'running' }]);
  });

  it.each<[string, Hostility]>([
    ['ids that are easily taken for one another', 'id'],
    ['NaN and ±Infinity', 'NaN'],
    ['a date in the year 10 000 or before the year 0', 'date'],
    ['Binary, Timestamp or Regex', 'binary, Timestamp or Regex'],
    ['Decimal128 to its last digit', 'Decimal128'],
    ['a field named id', 'a field named id'],
    ['values of every other type', 'type'],
    ['names', 'name'],
    ['sizes', 'size'],
    ['depths', 'depth'],
    ['arrays', 'array'],
  ])('loses 0 documents because of %s', async (_what, hostility) => {
    const ids = idsOf([...before, ...during, ...live].filter((document) => document.hostility === hostility));
    expect(ids.length).toBeGreaterThan(2);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await lossesAmong(ids)).toBe(0);
  });

  it('loses 0 documents because their _id is 0, empty, null or false', async () => {
    const ids = ['{"$number":"0"}', '""', '{"$null":true}', '{"$bool":false}'];
    const { body } = await httpJson(`${elasticsearchUrl}/${index}/_mget`, { body: { ids } });
    expect((body.docs as { found: boolean }[]).filter(({ found }) => !found)).toHaveLength(0);
    expect(await lossesAmong(ids)).toBe(0);
  });

  it('keeps all digits of a Decimal128 and the own value of a field named id', async () => {
    const source = async (name: string): Promise<Record<string, unknown>> =>
      (await httpJson(`${elasticsearchUrl}/${index}/_source/${encodeURIComponent(`live ${name}`)}`)).body;
    expect((await source('value digits')).digits).toBe('1234567890123456789012345678901234');
    expect((await source('value price')).price).toBe('12.50');
    expect((await source('a field named id')).id).toBe('my own');
  });

  it('has no document left when the collection is emptied', async () => {
    await everything.deleteMany({});
    await eventually(async () => {
      await httpJson(`${elasticsearchUrl}/${index}/_refresh`, { method: 'POST' });
      const { body } = await httpJson(`${elasticsearchUrl}/${index}/_count`);
      const letters = await openLetters(lockstep, connectorId);
      if (body.count === 0 && letters.length === 0) return true;
      throw new Error(`${body.count} documents, ${letters.length} open dead letters`);
    }, SOON);
  });
});
