import type { DomainEvent, EventSink } from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import { bootstrapStateIndices, createElasticClient, type ElasticClient } from '@lockstep/elastic';
import {
  HolderObserver,
  PartitionStore,
  WorkerHeartbeatService,
  type LeaseClaimer,
  type PartitionLease,
} from '@lockstep/jobs';
import { ElasticsearchFaultProxy, testServers, uniqueName, type SeenRequest } from '@lockstep/testing';

/** Shorter than the real times, so that a takeover takes seconds; long enough for a busy machine. */
export const TIMING = { intervalMs: 400, ttlMs: 4_000, marginMs: 800, graceMs: 1_500 } as const;

/** A test that waits for a takeover, on a busy machine, milliseconds. */
export const TEST_TIMEOUT_MS = 60_000;

/** A write of a partition's state document. */
export function isStateWrite({ method, path }: SeenRequest): boolean {
  return (method === 'PUT' || method === 'POST') && path.includes('-state/_doc/');
}

export class EventRecorder implements EventSink {
  readonly events: DomainEvent[] = [];
  emit(event: DomainEvent): void {
    this.events.push(event);
  }
  types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

export interface WorkerOptions {
  readonly workerId?: string;
  readonly clock?: Clock;
}

/** A worker as the job manager sees one, behind a proxy of its own that can cut it off. */
export class TestWorker {
  readonly events = new EventRecorder();
  readonly heartbeat: WorkerHeartbeatService;
  readonly partitions: PartitionStore;
  readonly claimer: LeaseClaimer;

  constructor(
    readonly client: ElasticClient,
    readonly proxy: ElasticsearchFaultProxy,
    readonly prefix: string,
    options: WorkerOptions = {},
  ) {
    const clock = options.clock ?? systemClock;
    const { intervalMs, ttlMs, marginMs, graceMs } = TIMING;
    const workerId = options.workerId === undefined ? {} : { workerId: options.workerId };
    const timing = { intervalMs, ttlMs, marginMs, clock };
    this.heartbeat = new WorkerHeartbeatService({
      client,
      prefix,
      version: '0.0.0-test',
      events: this.events,
      ...timing,
      ...workerId,
    });
    this.partitions = new PartitionStore(client, prefix);
    const observer = new HolderObserver({ client, prefix, ttlMs, graceMs });
    this.claimer = { guard: this.heartbeat, observer, events: this.events };
  }

  claim(connectorId: string): Promise<PartitionLease | null> {
    return this.partitions.claim({ connectorId, generation: 1, partition: 0 }, this.claimer);
  }

  async claimed(connectorId: string): Promise<PartitionLease> {
    const lease = await this.claim(connectorId);
    if (lease === null) throw new Error(`the lease of ${connectorId} was not given`);
    return lease;
  }

  /** From now on no request of this worker gets an answer worth having: the store is away for it. */
  cutOff(): void {
    this.proxy.refuseRequests(() => ({ status: 503, type: 'unavailable' }));
  }
}

/** State indices of their own on the shared server, and the workers that a test makes. */
export class JobsContext implements AsyncDisposable {
  readonly prefix = uniqueName('jobs');
  readonly client = createElasticClient({ url: testServers().elasticsearchUrl });
  private readonly workers: TestWorker[] = [];

  async setUp(): Promise<this> {
    await bootstrapStateIndices(this.client, this.prefix);
    return this;
  }

  async worker(options: WorkerOptions = {}): Promise<TestWorker> {
    const worker = await this.idleWorker(options);
    await worker.heartbeat.start(new AbortController().signal);
    return worker;
  }

  /** A worker that does not beat yet. */
  async idleWorker(options: WorkerOptions = {}): Promise<TestWorker> {
    const proxy = await ElasticsearchFaultProxy.start(testServers().elasticsearchUrl);
    const worker = new TestWorker(createElasticClient({ url: proxy.url }), proxy, this.prefix, options);
    this.workers.push(worker);
    return worker;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const worker of this.workers) {
      worker.proxy.heal();
      await worker.heartbeat.stop();
      await worker.client.close();
      await worker.proxy.stop();
    }
    const found = await this.client.indices.get({ index: `${this.prefix}*`, filter_path: '*.aliases' });
    const indices = Object.keys(found);
    if (indices.length > 0) await this.client.indices.delete({ index: indices });
    await this.client.close();
  }
}
