import { MongoClient, type Db, type Document } from 'mongodb';
import {
  expectInLockstep,
  httpJson,
  LockstepInstance,
  startReplicaSet,
  testServers,
  uniqueName,
  type MongodMember,
  type ReplicaSet,
} from '@lockstep/testing';
import { PATIENCE_MS } from './chaos-harness';

/** Lockstep behind a replica set of its own whose members can be killed, deposed and made to fail. */
export class ReplicaSetHarness {
  readonly database: string;
  readonly lockstep: LockstepInstance;
  readonly elasticsearchUrl = testServers().elasticsearchUrl;
  set!: ReplicaSet;
  private client!: MongoClient;

  /** @param env on top of the defaults of both services */
  constructor(name: string, env: Readonly<Record<string, string>> = {}) {
    this.database = uniqueName(name);
    this.lockstep = new LockstepInstance({ elasticsearchUrl: this.elasticsearchUrl, env });
  }

  get db(): Db {
    return this.client.db(this.database);
  }

  async start(): Promise<void> {
    [this.set] = await Promise.all([startReplicaSet({ members: 3 }), this.lockstep.start()]);
    this.client = await new MongoClient(this.set.url, { writeConcern: { w: 'majority' } }).connect();
  }

  async stop(): Promise<void> {
    await this.lockstep.stop();
    await this.client?.close();
    await this.set?.stop();
    const { body } = await httpJson(`${this.elasticsearchUrl}/${this.database}*`);
    for (const index of Object.keys(body as object)) {
      await httpJson(`${this.elasticsearchUrl}/${index}`, { method: 'DELETE' });
    }
  }

  definition(collection: string): Record<string, unknown> {
    return {
      name: collection,
      source: { uri: this.set.url, database: this.database, collections: [collection] },
      sink: { index: this.index(collection) },
    };
  }

  index(collection: string): string {
    return `${this.database}-${collection}`;
  }

  /** @returns how many documents both sides have */
  async expectInLockstep(collection: string): Promise<number> {
    const { database, elasticsearchUrl } = this;
    const sides = { mongodbUrl: this.set.url, elasticsearchUrl, database, collection, index: this.index(collection) };
    return (await expectInLockstep(sides, { timeoutMs: PATIENCE_MS })).checked;
  }

  /** Strikes commands of the connector's own on the member that takes writes, and nobody else's. */
  async failCommands(connectorId: string, mode: object, data: object): Promise<void> {
    const only = { ...data, appName: `lockstep/${connectorId}` };
    await onMember(await this.set.primary(), { configureFailPoint: 'failCommand', mode, data: only });
  }

  /** Sessions of the worker that ended with an error so far. */
  failures(): Promise<number> {
    return this.lockstep.workers[0]!.metric('lockstep_session_failures_total');
  }
}

/** A command on one member, whatever state it is in. */
export async function onMember(member: MongodMember, command: Document): Promise<Document> {
  const client = new MongoClient(`mongodb://${member.host}/?directConnection=true`);
  try {
    return await client.db('admin').command(command);
  } finally {
    await client.close();
  }
}
