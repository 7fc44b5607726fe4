import type { KillPoint } from '@lockstep/core';
import {
  eventually,
  expectSettled,
  HOSTILE_MAPPINGS,
  HostileWriter,
  httpJson,
  SeededRandom,
  testServers,
  type HostileDocument,
  type ServiceProcess,
} from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from '../chaos-harness';
import { KILL_SCENARIOS, type KillPlan } from './kill-scenarios';

/** How one kill went. */
export interface KillReport {
  readonly point: KillPoint;
  readonly nth: number;
  /** From the start of the process to its end, milliseconds. */
  readonly livedMs: number;
  /** From the start of the next process until both sides agreed, milliseconds. */
  readonly recoveredMs: number;
  readonly compared: number;
}

/** A connector that works on one collection, and the index that it fills. */
export interface Followed {
  readonly id: string;
  readonly name: string;
  readonly collection: string;
}

/** One worker id that always comes back: what it held is taken up again at once. Quick beats and looks for work. */
const ENVIRONMENT = {
  LOCKSTEP_WORKER_ID: 'doomed',
  LOCKSTEP_HEARTBEAT_INTERVAL_MS: '500',
  LOCKSTEP_POLL_INTERVAL_MS: '200',
  LOCKSTEP_SCAN_TURN_MS: '200',
  // It dies too often for anybody to live through a trial.
  LOCKSTEP_QUARANTINE_AFTER: '0',
};

/** Enough to be divided, whatever the load deletes. */
const DOCUMENTS = 2_500;
/** The load removes the oldest beyond it, many at a time: what is compared after every kill stays small. */
const MAX_DOCUMENTS = 3_000;

const ENDED = ['completed', 'failed', 'canceled'];

interface ShownGeneration {
  readonly number: number;
  readonly state: string;
}

/** What is looked at of an index. */
interface StoredIndex {
  readonly settings: Readonly<Record<string, string>>;
  readonly mappings: { readonly _meta: { readonly lockstep: object } };
}

/**
 * A Lockstep of its own under write load, whose one worker is killed at one point after the other. After each kill
 * the worker comes back, the load pauses, and both sides are compared completely.
 */
export class KillLane {
  readonly chaos = new ChaosHarness();
  /** Choices of scenarios. */
  readonly random: SeededRandom;
  main!: Followed;
  writer!: HostileWriter;
  private names = 0;

  constructor(private readonly seed: number) {
    this.random = new SeededRandom(seed);
  }

  async start(): Promise<void> {
    await this.chaos.start(ENVIRONMENT);
    const collection = this.collection('orders');
    const { client } = this.chaos;
    const limits = { pauseMs: 8, maxDocuments: MAX_DOCUMENTS };
    this.writer = new HostileWriter({ client, collection, seed: this.seed, ...limits });
    await this.writer.fill(DOCUMENTS);
    this.main = await this.follow('main', 'orders', ['orders', 'late*']);
    await this.chaos.lockstep.untilStreaming(this.main.id, PATIENCE_MS);
    await this.worker.stop('SIGTERM');
  }

  async stop(): Promise<void> {
    await this.writer?.pause();
    await this.chaos.stop();
  }

  /** The worker that was started last. */
  get worker(): ServiceProcess {
    return this.chaos.lockstep.workers.at(-1)!;
  }

  collection(name: string): ReturnType<typeof this.chaos.db.collection<HostileDocument>> {
    return this.chaos.db.collection<HostileDocument>(name);
  }

  newName(prefix: string): string {
    this.names += 1;
    return `${prefix}-${this.names}`;
  }

  /** Creates a connector that is wished running. */
  async follow(name: string, collection: string, collections: readonly string[] = [collection]): Promise<Followed> {
    const { source, sink } = this.chaos.definition(name, collections);
    const id = await this.chaos.lockstep.createConnector({
      name,
      source: { ...(source as object), partitions: 2 },
      sink: { ...(sink as object), mappings: HOSTILE_MAPPINGS },
    });
    await this.chaos.lockstep.act(id, 'start');
    return { id, name, collection };
  }

  async remove({ id }: Followed): Promise<void> {
    const { lockstep } = this.chaos;
    await lockstep.act(id, 'stop');
    await eventually(async () => (await lockstep.connector(id)).observedState === 'idle', { timeoutMs: PATIENCE_MS });
    const { status } = await lockstep.call('DELETE', `/api/v1/connectors/${id}`);
    if (status >= 300) throw new Error(`removing a connector: ${status}`);
  }

  /** Documents in the index under load that are not in the source. */
  async plantOrphans(count: number): Promise<void> {
    const [index] = await this.servingIndices();
    const line = (n: number): string => `{"index":{"_id":"orphan${n}"}}\n{"title":"orphan"}\n`;
    const body = Array.from({ length: count }, (_, n) => line(n)).join('');
    const url = `${this.chaos.elasticsearchUrl}/${index}/_bulk?refresh=true`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const { status, body: answer } = await httpJson(url, { method: 'POST', headers, body });
    if (status !== 200 || answer.errors !== false) throw new Error(`planting orphans: ${JSON.stringify(answer)}`);
  }

  /** Behind the read alias of the collection under load. */
  async servingIndices(): Promise<string[]> {
    const alias = this.chaos.index('main', 'orders');
    return Object.keys((await httpJson(`${this.chaos.elasticsearchUrl}/_alias/${alias}`)).body as object);
  }

  /** Oldest first. */
  async generations({ id }: Followed): Promise<readonly ShownGeneration[]> {
    const { body } = await this.chaos.lockstep.call('GET', `/api/v1/connectors/${id}/generations`);
    return body.items as ShownGeneration[];
  }

  /** Waits until the connector has generations in these states and no other ones, in any order. */
  async untilGenerations(followed: Followed, states: readonly string[]): Promise<void> {
    await eventually(
      async () => {
        const seen = (await this.generations(followed)).map(({ state }) => state).sort();
        if (seen.join() === [...states].sort().join()) return true;
        throw new Error(seen.join());
      },
      { timeoutMs: PATIENCE_MS, what: `the generations to be ${states.join(' and ')}` },
    );
  }

  /** Both sides agree, dead letters included. @returns how many documents were compared */
  async settled({ id, name, collection }: Followed): Promise<number> {
    const { mongodbUrl, elasticsearchUrl } = testServers();
    const index = this.chaos.index(name, collection);
    const { database, lockstep } = this.chaos;
    const sides = { mongodbUrl, elasticsearchUrl, database, collection, index };
    const { checked, refused } = await expectSettled(
      { ...sides, apiUrl: lockstep.api.url, connectorId: id },
      { timeoutMs: PATIENCE_MS },
    );
    return checked + refused;
  }

  /** After all kills: no job was left behind, and no target kept its settings for loading. */
  async expectTidy(): Promise<void> {
    const { lockstep } = this.chaos;
    await lockstep.startWorker();
    await eventually(
      async () => {
        const unfinished = (await lockstep.jobs(this.main.id)).filter(({ state }) => !ENDED.includes(state));
        if (unfinished.length === 1 && unfinished[0]!.type === 'stream_sync') return true;
        throw new Error(JSON.stringify(unfinished));
      },
      { timeoutMs: PATIENCE_MS, what: 'the stream sync to be the only job' },
    );
    const { body } = await httpJson(`${this.chaos.elasticsearchUrl}/${this.chaos.database}-main-*?flat_settings=true`);
    const indices = Object.values(body as Record<string, StoredIndex>);
    expect(indices.length).toBeGreaterThan(0);
    for (const { settings, mappings } of indices) {
      expect(settings['index.refresh_interval']).toBe('1s');
      expect(mappings._meta.lockstep).not.toHaveProperty('load');
    }
  }

  /** Kills a worker as planned, lets another one go on, and compares. Whatever becomes of it, the lane is fit for the next. */
  async kill(plan: KillPlan): Promise<KillReport> {
    try {
      return await this.killed(plan);
    } finally {
      this.chaos.elasticsearch.heal();
      this.chaos.mongodb.heal();
      await this.writer.pause();
      await this.worker.stop('SIGKILL');
    }
  }

  private async killed({ point, nth }: KillPlan): Promise<KillReport> {
    const { lockstep } = this.chaos;
    const scenario = KILL_SCENARIOS[point];
    const prepared = await scenario.prepare(this);
    this.writer.resume();
    const startedAt = performance.now();
    const doomed = await lockstep.launchWorker({ LOCKSTEP_TEST_KILL_POINT: `${point}:${nth}` });
    const provoking = (prepared.provoke?.(doomed) ?? Promise.resolve()).catch((error: unknown) => {
      // What is under way when the worker dies may fail; what never led to its death is told below.
      if (doomed.isRunning) throw error;
    });
    await Promise.race([provoking.then(() => never), this.death(doomed)]);
    const livedMs = Math.round(performance.now() - startedAt);
    await provoking;
    this.chaos.elasticsearch.heal();
    this.chaos.mongodb.heal();
    await this.writer.writesOn(30);
    const restartedAt = performance.now();
    await lockstep.startWorker();
    await prepared.recover?.();
    await lockstep.untilStreaming(this.main.id, PATIENCE_MS);
    await this.writer.writesOn(30);
    await this.writer.pause();
    const compared = await this.settled(this.main);
    const recoveredMs = Math.round(performance.now() - restartedAt);
    await prepared.finish?.();
    if ((await this.worker.stop('SIGTERM')) !== 0) throw new Error(`the worker after ${point} did not end in order`);
    return { point, nth, livedMs, recoveredMs, compared };
  }

  private async death(worker: ServiceProcess): Promise<void> {
    await eventually(() => !worker.isRunning || Promise.reject(new Error(worker.output.slice(-2_000))), {
      timeoutMs: PATIENCE_MS,
      what: 'the worker to reach its kill point',
    });
    const end = await worker.ended();
    if (end !== 'SIGKILL') throw new Error(`the worker ended by ${end}: ${worker.output.slice(-2_000)}`);
  }
}

const never = new Promise<never>(() => undefined);
