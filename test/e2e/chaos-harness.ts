import { MongoClient, type Collection, type Db } from 'mongodb';
import {
  ElasticsearchFaultProxy,
  eventually,
  expectInLockstep,
  httpJson,
  LockstepInstance,
  TcpFaultProxy,
  testServers,
  uniqueName,
} from '@lockstep/testing';
import { shopOrder, shopOrders } from './shop-data';

/** Generous: the machine may be busy, and what is waited for comes as soon as it can. */
export const PATIENCE_MS = 120_000;

/** Lockstep between two proxies that misbehave on request, with data of its own on the shared servers. */
export class ChaosHarness {
  readonly database = uniqueName('chaos');
  readonly client = new MongoClient(testServers().mongodbUrl);
  readonly elasticsearchUrl = testServers().elasticsearchUrl;
  lockstep!: LockstepInstance;
  elasticsearch!: ElasticsearchFaultProxy;
  mongodb!: TcpFaultProxy;

  /** @param env on top of the defaults of both services */
  async start(env: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.client.connect();
    this.elasticsearch = await ElasticsearchFaultProxy.start(this.elasticsearchUrl);
    this.mongodb = await TcpFaultProxy.start(Number(new URL(testServers().mongodbUrl).port));
    // The services keep their state where nothing breaks; only the connector's own targets are behind the proxy.
    this.lockstep = new LockstepInstance({
      elasticsearchUrl: this.elasticsearchUrl,
      env: { LOCKSTEP_SCAN_TURN_MS: '300', ...env },
    });
    await this.lockstep.start();
  }

  async stop(): Promise<void> {
    await this.lockstep.stop();
    await this.elasticsearch.stop();
    await this.mongodb.stop();
    await this.client.db(this.database).dropDatabase();
    await this.client.close();
    const indices = await httpJson(`${this.elasticsearchUrl}/${this.database}*`, {});
    for (const index of Object.keys((indices.body ?? {}) as object)) {
      await httpJson(`${this.elasticsearchUrl}/${index}`, { method: 'DELETE' });
    }
  }

  get db(): Db {
    return this.client.db(this.database);
  }

  /** A connector whose both ends are behind the proxies. */
  definition(name: string, collections: readonly string[]): Record<string, unknown> {
    return {
      name,
      source: {
        uri: `mongodb://127.0.0.1:${this.mongodb.port}/?directConnection=true`,
        database: this.database,
        collections,
      },
      sink: { index: `{database}-${name}-{collection}`, elasticsearch: { url: this.elasticsearch.url } },
    };
  }

  index(name: string, collection: string): string {
    return `${this.database}-${name}-${collection}`;
  }

  async expectInLockstep(name: string, collection: string): Promise<number> {
    const { checked } = await expectInLockstep(
      {
        mongodbUrl: testServers().mongodbUrl,
        elasticsearchUrl: this.elasticsearchUrl,
        database: this.database,
        collection,
        index: this.index(name, collection),
      },
      { timeoutMs: PATIENCE_MS },
    );
    return checked;
  }

  /** Waits until the connector has a condition with this code. */
  async untilCondition(connectorId: string, code: string): Promise<void> {
    await eventually(
      async () => {
        const { conditions, observedState } = await this.lockstep.connector(connectorId);
        if (conditions.some((condition) => condition.code === code)) return true;
        throw new Error(`${observedState} ${JSON.stringify(conditions)}`);
      },
      { timeoutMs: PATIENCE_MS, what: `the condition ${code}` },
    );
  }

  async untilJob(jobId: string, state: string): Promise<void> {
    await eventually(
      async () => {
        const job = await this.lockstep.job(jobId);
        if (job.state === state) return true;
        throw new Error(JSON.stringify(job));
      },
      { timeoutMs: PATIENCE_MS, what: `the job to be ${state}` },
    );
  }
}

export interface WriterOptions {
  /** Goes on after writes that failed, whatever became of them. @defaultValue false */
  readonly isTolerant?: boolean;
}

/** Inserts, updates, replaces and deletes, one round after the other, until it is ended. */
export class Writer {
  private isEnding = false;
  private readonly running: Promise<void>;
  rounds = 0;

  constructor(
    private readonly collection: Collection,
    private readonly options: WriterOptions = {},
  ) {
    this.running = this.run();
  }

  /** Waits until this many more rounds are written. */
  async roundsOn(count: number): Promise<void> {
    const until = this.rounds + count;
    await Promise.race([
      eventually(() => this.rounds >= until, { timeoutMs: PATIENCE_MS, what: 'the writer to go on' }),
      this.running.then(() => this.isEnding || Promise.reject(new Error('the writer has ended'))),
    ]);
  }

  async end(): Promise<void> {
    this.isEnding = true;
    await this.running;
  }

  private async run(): Promise<void> {
    for (let n = 1_000_000; !this.isEnding; n += 20) {
      await this.round(n).catch((error: unknown) => {
        if (this.options.isTolerant !== true) throw error;
      });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private async round(n: number): Promise<void> {
    const { collection } = this;
    const { insertedIds } = await collection.insertMany(shopOrders(20, n));
    const some = await collection.find({ quantity: n % 9 }, { projection: { _id: 1 }, limit: 200 }).toArray();
    await collection.updateMany(
      { _id: { $in: some.map(({ _id }) => _id) } },
      { $inc: { quantity: 1 } },
      { maxTimeMS: 10_000 },
    );
    await collection.replaceOne({ _id: insertedIds[3]! }, shopOrder(n + 7));
    const old = await collection.find({}, { projection: { _id: 1 }, limit: 12 }).toArray();
    await collection.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } });
    this.rounds += 1;
  }
}
