import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MongoClient } from 'mongodb';
import {
  expectInLockstep,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';
import { openLetters } from './open-letters';

const { mongodbUrl, elasticsearchUrl } = testServers();
/** Bounds, not waits: generous, for machines that do other things. */
const SOON = { timeoutMs: 120_000 };
const COLLECTIONS = ['films', 'airports', 'earthquakes', 'customers', 'products', 'orders'] as const;
const SHOP_SIZE = 300;

/** The sample data as `make populate-mongo` makes it, in a database of the test's own. */
const FILL = `
  import { MongoClient } from 'mongodb';
  import { airports, earthquakes, films } from './scripts/sample-data/open-data.mjs';
  import { Random } from './scripts/sample-data/random.mjs';
  import { customer, order, product } from './scripts/sample-data/shop.mjs';
  const [url, database] = process.argv.slice(1);
  const client = new MongoClient(url);
  const made = (make) => {
    const random = new Random(1);
    return Array.from({ length: ${SHOP_SIZE} }, (_, ordinal) => make(random, ordinal));
  };
  const all = {
    films: films(), airports: airports(), earthquakes: earthquakes(),
    customers: made(customer), products: made(product), orders: made(order),
  };
  for (const [name, documents] of Object.entries(all)) await client.db(database).collection(name).insertMany(documents);
  await client.close();
`;

jest.setTimeout(300_000);

describe('open data and the generated shop', () => {
  const lockstep = new LockstepInstance({ elasticsearchUrl });
  const client = new MongoClient(mongodbUrl);
  const database = uniqueName('open');
  const sides = (collection: string, except?: ReadonlySet<string>): ComparedSides => ({
    ...{ mongodbUrl, elasticsearchUrl, database, collection, index: `${database}-${collection}` },
    ...(except === undefined ? {} : { except }),
  });
  let connectorId: string;

  beforeAll(async () => {
    await client.connect();
    await promisify(execFile)(process.execPath, ['--input-type=module', '-e', FILL, mongodbUrl, database]);
    await lockstep.start();
    connectorId = await lockstep.createConnector({
      name: 'open-data',
      source: { uri: mongodbUrl, database, collections: ['*'] },
      sink: { index: '{database}-{collection}' },
    });
    await lockstep.act(connectorId, 'start');
    await lockstep.untilStreaming(connectorId, 180_000);
  }, 300_000);

  afterAll(async () => {
    await lockstep.stop();
    for (const name of COLLECTIONS) {
      await httpJson(`${elasticsearchUrl}/${database}-${name}-000001`, { method: 'DELETE' });
    }
    await client.db(database).dropDatabase();
    await client.close();
  }, 120_000);

  it.each<[(typeof COLLECTIONS)[number], number]>([
    ['films', 3_000],
    ['airports', 3_000],
    ['earthquakes', 1_000],
    ['customers', SHOP_SIZE],
    ['products', SHOP_SIZE],
    ['orders', SHOP_SIZE],
  ])('%s arrive completely, or are dead letters', async (name, atLeast) => {
    const count = await client.db(database).collection(name).countDocuments();
    expect(count).toBeGreaterThanOrEqual(atLeast);
    const letters = await openLetters(lockstep, connectorId);
    const refused = letters.filter(({ namespace }) => namespace === `${database}.${name}`);
    const { checked } = await expectInLockstep(sides(name, new Set(refused.map((one) => one.documentId))), SOON);
    expect(checked + refused.length).toBe(count);
    expect(refused.map(({ field }) => field)).toEqual(refused.map(() => expect.stringMatching(/./)));
  });

  it('follows a change of each of them', async () => {
    for (const name of COLLECTIONS) {
      const collection = client.db(database).collection(name);
      const some = await collection.find().limit(60).toArray();
      await collection.updateMany({ _id: { $in: some.slice(0, 30).map(({ _id }) => _id) } }, { $set: { seen: true } });
      await collection.deleteMany({ _id: { $in: some.slice(30).map(({ _id }) => _id) } });
    }
    const letters = await openLetters(lockstep, connectorId);
    for (const name of COLLECTIONS) {
      const refused = letters.filter(({ namespace }) => namespace === `${database}.${name}`);
      await expectInLockstep(sides(name, new Set(refused.map((one) => one.documentId))), SOON);
    }
  });
});
