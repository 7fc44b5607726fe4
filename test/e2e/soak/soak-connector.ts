import type { MongoClient } from 'mongodb';
import {
  eventually,
  expectSettled,
  HOSTILE_MAPPINGS,
  HostileWriter,
  TcpFaultProxy,
  type HostileDocument,
  type LockstepInstance,
  type Settled,
  type ShownJob,
} from '@lockstep/testing';

/** Generous: the machine may be busy, and what is waited for comes as soon as it can. */
export const PATIENCE_MS = 240_000;

const DATABASE = 'soak';
const COLLECTION = 'orders';
/** Enough to be divided, even after some rebuilds without a seventh of them. */
const DOCUMENTS = 8_000;
/** Reached within a minute or so: from then on the oldest are removed, many at a time. */
const MAX_DOCUMENTS = 8_500;

interface ShownGeneration {
  readonly number: number;
  readonly state: string;
}

/** `mode` is null for a job that no operator asked for as a resync or rollback. */
type ResyncJob = ShownJob & { readonly mode: string | null };

export interface SoakConnectorOptions {
  readonly lockstep: LockstepInstance;
  readonly client: MongoClient;
  readonly mongodbUrl: string;
  readonly mongodbPort: number;
  readonly elasticsearchUrl: string;
  readonly index: number;
  readonly seed: number;
}

/** A connector with a way to MongoDB of its own that can break, and whoever writes into its collection. */
export class SoakConnector {
  readonly database: string;
  readonly indexName: string;
  id = '';

  private constructor(
    private readonly options: SoakConnectorOptions,
    readonly mongodb: TcpFaultProxy,
    readonly writer: HostileWriter,
  ) {
    this.database = databaseOf(options.index);
    this.indexName = `${this.database}-${COLLECTION}`;
  }

  static async open(options: SoakConnectorOptions): Promise<SoakConnector> {
    const { client, index, lockstep, mongodbPort } = options;
    const collection = client.db(databaseOf(index)).collection<HostileDocument>(COLLECTION);
    const limits = { pauseMs: 15, maxDocuments: MAX_DOCUMENTS };
    const writer = new HostileWriter({ client, collection, seed: options.seed + index, ...limits });
    await writer.fill(DOCUMENTS);
    const connector = new SoakConnector(options, await TcpFaultProxy.start(mongodbPort), writer);
    connector.id = await lockstep.createConnector({
      name: connector.database,
      source: {
        uri: `mongodb://127.0.0.1:${connector.mongodb.port}/?directConnection=true`,
        database: connector.database,
        collections: [COLLECTION],
        // The first one is divided: several workers are at it at once.
        partitions: index === 0 ? 2 : 1,
        onDrop: 'follow',
      },
      sink: { index: '{database}-{collection}', mappings: HOSTILE_MAPPINGS },
    });
    await lockstep.act(connector.id, 'start');
    return connector;
  }

  /** A pattern of all its indices. */
  get targets(): string {
    return `${this.indexName}-*`;
  }

  /** What an operator asks of the connector. @throws Error when it is refused */
  async ask(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
    const { status, body: answer } = await this.options.lockstep.call(method, `${this.path}/${path}`, body);
    if (status !== 202) throw new Error(`${path}: ${status} ${String(answer?.code)}`);
  }

  async command(jobId: string, action: 'cancel' | 'confirm'): Promise<void> {
    const { status, body } = await this.options.lockstep.call('POST', `/api/v1/jobs/${jobId}/actions/${action}`);
    if (status !== 202) throw new Error(`${action}: ${status} ${String(body?.code)}`);
  }

  async generations(): Promise<readonly ShownGeneration[]> {
    const { status, body } = await this.options.lockstep.call('GET', `${this.path}/generations`);
    if (status !== 200) throw new Error(`generations: ${status}`);
    return body.items as ShownGeneration[];
  }

  async unfinishedJobs(): Promise<readonly ResyncJob[]> {
    const jobs = (await this.options.lockstep.jobs(this.id)) as readonly ResyncJob[];
    return jobs.filter(({ state }) => !ENDED.includes(state));
  }

  /** The cluster time of the source some seconds from its newest, as `<seconds>.<increment>`. */
  async sourceTime(offsetSeconds: number): Promise<string> {
    const { operationTime } = await this.options.client.db('admin').command({ ping: 1 });
    const { t, i } = operationTime as { readonly t: number; readonly i: number };
    return `${t + offsetSeconds}.${i}`;
  }

  /** Another collection takes its place in one step, without a seventh of the documents. */
  async rebuild(seed: number): Promise<void> {
    const isKept = { revision: { $not: { $mod: [7, seed % 7] } } };
    const collection = this.options.client.db(this.database).collection(COLLECTION);
    await collection.aggregate([{ $match: isKept }, { $out: COLLECTION }], { maxTimeMS: 10_000 }).toArray();
  }

  heal(): void {
    this.mongodb.heal();
    this.mongodb.cutAll();
  }

  /**
   * Waits until the stream sync runs and no job else is under way: nothing is left of what was asked for. What a brake
   * holds is confirmed, as an operator would who knows what was written.
   */
  async untilQuiet(): Promise<void> {
    const { lockstep } = this.options;
    await eventually(
      async () => {
        const { observedState, conditions } = await lockstep.connector(this.id);
        const unfinished = await this.unfinishedJobs();
        const [only] = unfinished;
        if (observedState === 'streaming' && unfinished.length === 1 && only?.type === 'stream_sync') return true;
        for (const { id, condition } of unfinished) {
          if (BRAKES.includes(condition?.code ?? '')) await this.command(id, 'confirm');
        }
        throw new Error(JSON.stringify({ observedState, conditions, unfinished }));
      },
      { timeoutMs: PATIENCE_MS, intervalMs: 500, what: `${this.database} to stream` },
    );
  }

  /** Both sides agree, dead letters included; the load has to pause. */
  settled(): Promise<Settled> {
    const { mongodbUrl, elasticsearchUrl, lockstep } = this.options;
    const { database, indexName: index, id: connectorId } = this;
    const { history } = this.writer;
    const sides = { mongodbUrl, elasticsearchUrl, database, collection: COLLECTION, index, history };
    return expectSettled({ ...sides, apiUrl: lockstep.api.url, connectorId }, { timeoutMs: PATIENCE_MS });
  }

  private get path(): string {
    return `/api/v1/connectors/${this.id}`;
  }

  async close(): Promise<void> {
    await this.writer.pause();
    await this.mongodb.stop();
  }
}

const ENDED = ['completed', 'failed', 'canceled'];
const BRAKES = ['SWEEP_BRAKE_ENGAGED', 'GENERATION_BRAKE_ENGAGED'];

function databaseOf(index: number): string {
  return `${DATABASE}-${index}`;
}
