import type {
  ChangeBatch,
  ChangeStreamReader,
  DocumentBatch,
  DomainEvent,
  ScanPage,
  SourcePort,
} from '@lockstep/contracts';
import { createMongoSource, type MongoSourceOptions } from '@lockstep/mongo-source';
import { eventually, testServers, uniqueName } from '@lockstep/testing';
import { MongoClient, type Db } from 'mongodb';

/** A database of a test's own and a source on it. */
export interface SourceFixture extends AsyncDisposable {
  readonly client: MongoClient;
  readonly db: Db;
  readonly database: string;
  readonly appName: string;
  readonly source: SourcePort;
  readonly events: DomainEvent[];
  /**
   * Makes commands of the source fail: `times` of them. The server has one such fail point, for all files that run: who
   * strikes has it until the fixture is disposed of.
   */
  failCommand(commands: readonly string[], data: Record<string, unknown>, times?: number): Promise<void>;
}

export const signal = new AbortController().signal;

/** Inserts a document per `_id`, as it is: `insertMany` would put an ObjectId in the place of null. */
export async function insertIds(fixture: SourceFixture, collection: string, ids: readonly unknown[]): Promise<void> {
  const documents = ids.map((id) => ({ _id: id, v: 1 }));
  const answer = await fixture.db.command({ insert: collection, documents });
  expect(answer.n).toBe(ids.length);
}

export async function sourceFixture(
  options: Partial<MongoSourceOptions> = {},
  uri = testServers().mongodbUrl,
): Promise<SourceFixture> {
  const database = options.database ?? uniqueName('source');
  const appName = uniqueName('app');
  const client = await new MongoClient(uri).connect();
  const events: DomainEvent[] = [];
  const source = createMongoSource({
    uri: options.uri ?? uri,
    database,
    appName,
    connectorId: 'con_test',
    events: { emit: (event) => events.push(event) },
    ...options,
  });
  const failPoint = (mode: unknown, data?: Record<string, unknown>) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, ...(data === undefined ? {} : { data }) });
  const turn = client.db('lockstep-test').collection<{ _id: string }>('turns');
  let hasTurn = false;
  const takeTurn = async (): Promise<void> => {
    if (hasTurn) return;
    const took = () => turn.insertOne({ _id: 'failCommand' }, { writeConcern: { w: 1 } }).then(() => true);
    await eventually(took, { intervalMs: 100, what: 'the fail point to be free' });
    hasTurn = true;
  };
  return {
    client,
    db: client.db(database),
    database,
    appName,
    source,
    events,
    failCommand: async (failCommands, data, times = 1) => {
      await takeTurn();
      await failPoint({ times }, { failCommands, appName, ...data });
    },
    [Symbol.asyncDispose]: async () => {
      await source.close();
      if (hasTurn) {
        await failPoint('off').catch(() => undefined);
        await turn.deleteOne({ _id: 'failCommand' });
      }
      await client.db(database).dropDatabase();
      await client.close();
    },
  };
}

/** All pages of a scan. */
export async function scanAll(source: SourcePort, collection: string): Promise<ScanPage[]> {
  const atLeast = await source.majorityTime(signal);
  const pages: ScanPage[] = [];
  let after: string | null = null;
  for (;;) {
    const page: ScanPage = await source.scan({ collection, after, upTo: null, atLeast, signal });
    pages.push(page);
    after = page.cursor;
    if (page.isLast) return pages;
  }
}

export function idsOf(pages: readonly { readonly batch: DocumentBatch }[]): string[] {
  return pages.flatMap((page) => page.batch.documents.map((document) => document.id));
}

/** The JSON bodies of a batch, by id; null for a deletion. */
export function bodiesOf(batch: DocumentBatch): Record<string, unknown> {
  return Object.fromEntries(
    batch.documents.map((document) => [
      document.id,
      document.operation === 'index'
        ? JSON.parse(batch.body.toString('utf8', document.start, document.end))
        : document.operation === 'delete'
          ? null
          : document.code,
    ]),
  );
}

/** Reads until the token has reached the time that the source is at now, or the stream has ended. */
export async function drain(source: SourcePort, reader: ChangeStreamReader): Promise<ChangeBatch[]> {
  const until = await source.majorityTime(signal);
  const batches: ChangeBatch[] = [];
  for (;;) {
    const batch = await reader.next(100, signal);
    batches.push(batch);
    if (batch.tokenTime >= until || batch.isEnd) return batches;
  }
}

export function summaryOf(batches: readonly ChangeBatch[]): string[] {
  return batches.flatMap((batch) =>
    batch.events.map((event) =>
      event.kind === 'key'
        ? `${event.operation} ${event.collection} ${event.key.id}`
        : `${event.operation} ${event.collection ?? '-'} ${event.renamedTo ?? '-'}`,
    ),
  );
}
