import { MongoClient, type Db, type Document } from 'mongodb';
import {
  eventually,
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

export interface FaultOnce {
  readonly command: 'getMore' | 'find';
  readonly errorCode: number;
  /** That look-ups read. */
  readonly collection: string;
}

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

  /**
   * Strikes commands of the connector's own, and nobody else's.
   * @param member where; the one that takes writes unless named
   */
  async failCommands(
    connectorId: string,
    mode: object | 'alwaysOn' | 'off',
    data: object,
    member?: MongodMember,
  ): Promise<void> {
    const only = { ...data, appName: `lockstep/${connectorId}` };
    const struck = member ?? (await this.set.primary());
    await onMember(struck, { configureFailPoint: 'failCommand', mode, data: only });
  }

  /**
   * Strikes the next reply of the stream, on whichever member it is read from, or the next look-up in a collection: the
   * connector finds in the oplog as well, now and then, and ends no session when it cannot.
   */
  async failOnce(connectorId: string, fault: FaultOnce): Promise<void> {
    const { command, errorCode, collection } = fault;
    const isStream = command === 'getMore';
    const data = {
      ...{ failCommands: [command], errorCode },
      ...(isStream ? {} : { namespace: `${this.database}.${collection}` }),
    };
    await this.failCommands(
      connectorId,
      { times: 1 },
      data,
      isStream ? await this.streamMember(connectorId) : undefined,
    );
  }

  /** The member that the connector's stream is read from: a cursor stays where it is when a primary steps down. */
  streamMember(connectorId: string): Promise<MongodMember> {
    const $match = { op: 'getmore', appName: `lockstep/${connectorId}` };
    const pipeline = [{ $currentOp: { allUsers: true } }, { $match }];
    return eventually(
      async () => {
        for (const member of this.set.members) {
          const { cursor } = await onMember(member, { aggregate: 1, pipeline, cursor: {} });
          if ((cursor as { firstBatch: unknown[] }).firstBatch.length > 0) return member;
        }
        return undefined;
      },
      { timeoutMs: PATIENCE_MS, what: 'a member that the stream is read from' },
    );
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
