import { clusterTimeSeconds, reached, type ClusterTime } from '@lockstep/core';
import type { DocumentBatch, KeyEvent, NamespaceEvent } from '@lockstep/contracts';
import { namespaceOf, type TurnContext } from '../partition/partition-context.js';
import type { LagGauge } from '../progress/lag-gauge.js';
import type { ChangePump } from '../stream/change-pump.js';
import type { JobWork } from '../progress/job-figures.js';
import { splitIntoWork, type WorkBatch } from '../stream/coalesce.js';
import { OrderedPipeline } from '../stream/ordered-pipeline.js';
import type { Acknowledged } from '../stream/position.js';
import { chunkKeys, type KeyChunk } from './chunk-keys.js';
import { lookUpBounds } from './read-bounds.js';
import { roundsOf } from './rounds-of.js';
import { writeDocuments } from './write-documents.js';

/** What the turn needs to know of the collections, and whom it tells. */
export interface StreamTurnPorts {
  /** Hears of every reply from whoever reads the stream. */
  readonly lag: LagGauge;
  isFollowed(collection: string): boolean;
  /** A document was not there although its newest event says it should be. False: the collection is gone. */
  confirmCollection(collection: string, signal: AbortSignal): Promise<boolean>;
  onNamespaceEvent(event: NamespaceEvent, signal: AbortSignal): Promise<void>;
}

/** Look-ups of one chunk at a time: each is of one collection, and holds a reply and its documents. */
const MAX_LOOK_UPS = 4;
/** Ring entries told per chunk: the ring holds 100, more would be lost on the way. */
const MAX_TOLD_CHANGES = 100;

/**
 * Applies changes: looks the current state of the changed ids up and writes it with the version of the newest
 * event. Keeps how far the stream is acknowledged in this session.
 */
export class StreamTurn {
  /** Cluster time up to which everything is acknowledged in this session. */
  streamedTo: ClusterTime | null = null;
  /** Acknowledged, but not up to a token: without one it is done again. */
  private behindToken: JobWork[] = [];

  constructor(
    private readonly context: TurnContext,
    private readonly pump: ChangePump,
    private readonly ports: StreamTurnPorts,
  ) {}

  /** Applies changes until the stream has passed `until`. */
  async catchUp(until: ClusterTime, signal: AbortSignal): Promise<void> {
    await this.run(() => this.streamedTo !== null && this.streamedTo >= until, signal);
  }

  /** Applies changes for one turn's time. */
  async follow(signal: AbortSignal): Promise<void> {
    const endsAt = this.context.clock.monotonicMs() + this.context.settings.followTurnMs;
    await this.run(() => this.context.clock.monotonicMs() >= endsAt, signal);
  }

  private async run(isDone: () => boolean, signal: AbortSignal): Promise<void> {
    const { settings, checkpoint, ledger } = this.context;
    const pipeline = new OrderedPipeline(settings.maxInFlight);
    try {
      do {
        const batches = await this.pump.take(settings.maxKeys, 250, signal);
        for (const work of splitIntoWork(batches, (collection) => this.ports.isFollowed(collection))) {
          await this.submit(pipeline, work, signal);
        }
        if (batches.length === 0) await pipeline.drain();
        await checkpoint.saveIfDue();
        await ledger.report();
      } while (!isDone());
    } finally {
      await pipeline.drain();
    }
    await checkpoint.saveIfDue();
    await ledger.report();
  }

  private async submit(pipeline: OrderedPipeline, work: WorkBatch, signal: AbortSignal): Promise<void> {
    const chunks = chunkKeys(work, this.context.settings.maxKeys);
    for (const chunk of chunks.slice(0, -1)) {
      await pipeline.submit(
        chunk.ids,
        () => this.apply(chunk, 0, signal),
        (works) => this.behindToken.push(...works),
      );
    }
    const last = chunks.at(-1);
    if (last !== undefined) {
      await pipeline.submit(
        last.ids,
        () => this.apply(last, work.eventCount, signal),
        (works) => {
          this.behindToken.push(...works, ...this.context.ledger.applied(work.eventCount));
          if (work.acknowledged !== null) this.acknowledge(work.acknowledged);
        },
      );
    } else if (work.acknowledged !== null) {
      const { acknowledged } = work;
      await pipeline.submit(
        new Set(),
        () => Promise.resolve(),
        () => this.acknowledge(acknowledged),
      );
    }
    if (work.namespaceEvent !== null) {
      await pipeline.drain();
      await this.ports.onNamespaceEvent(work.namespaceEvent, signal);
    }
  }

  private acknowledge(batch: Acknowledged): void {
    this.streamedTo = batch.tokenTime;
    this.context.checkpoint.acknowledged(batch, this.behindToken);
    this.behindToken = [];
    reached('stream.acknowledged');
    this.ports.lag.acknowledged(batch, this.context.clock.monotonicMs());
    this.tellLag();
  }

  /** Tells how far the target is behind the source now; false while nobody knows. */
  tellLag(): boolean {
    const { clock, connector, events, lease, ledger } = this.context;
    const lagMs = this.ports.lag.measure(clock.monotonicMs());
    if (lagMs === null) return false;
    ledger.meter('stream_sync')?.lag(lagMs);
    events.emit({ type: 'lag.measured', connectorId: connector.id, partition: lease.partition, lagMs });
    return true;
  }

  /** @param changes of the stream that are applied with it: those of all chunks of a batch are told with its last one */
  private async apply(chunk: KeyChunk, changes: number, signal: AbortSignal): Promise<readonly JobWork[]> {
    const { source, clock, checkpoint, events, connector } = this.context;
    const startedAt = clock.monotonicMs();
    const { atLeast, version } = lookUpBounds(chunk.newest, checkpoint.readsFrom);
    const lookUps = [...chunk.keys].map(([collection, keys]) =>
      source.lookUp({ collection, keys: keys.map(({ key }) => key), atLeast, signal }),
    );
    const works: JobWork[] = [];
    let bytes = 0;
    for await (const read of roundsOf(lookUps, MAX_LOOK_UPS)) {
      reached('stream.lookedUp');
      const batches = await this.dropVanished(chunk, read, signal);
      bytes += batches.reduce((sum, { body }) => sum + body.length, 0);
      works.push(...(await writeDocuments(this.context, { batches, version, countFor: 'stream_sync', signal })));
      reached('stream.written');
    }
    this.tellChanges(chunk);
    events.emit({
      type: 'stream.batched',
      connectorId: connector.id,
      changes,
      documents: chunk.ids.size,
      bytes,
      durationMs: clock.monotonicMs() - startedAt,
    });
    return works;
  }

  /**
   * An absence is believed only while the collection is the one we follow: when it was dropped, its documents
   * vanish without delete events, and the target is to be kept.
   */
  private async dropVanished(
    chunk: KeyChunk,
    read: readonly DocumentBatch[],
    signal: AbortSignal,
  ): Promise<readonly DocumentBatch[]> {
    const kept: DocumentBatch[] = [];
    for (const batch of read) {
      const absent = new Set(batch.documents.filter(({ operation }) => operation === 'delete').map(({ id }) => id));
      const events = chunk.keys.get(batch.collection) ?? [];
      const isSurprising = events.some(({ key, operation }) => operation !== 'delete' && absent.has(key.id));
      if (!isSurprising || (await this.ports.confirmCollection(batch.collection, signal))) kept.push(batch);
    }
    return kept;
  }

  private tellChanges(chunk: KeyChunk): void {
    const newest: { readonly collection: string; readonly event: KeyEvent }[] = [];
    for (const [collection, keys] of chunk.keys) {
      for (const event of keys.slice(-MAX_TOLD_CHANGES)) newest.push({ collection, event });
    }
    newest.sort((a, b) =>
      a.event.clusterTime < b.event.clusterTime ? -1 : a.event.clusterTime > b.event.clusterTime ? 1 : 0,
    );
    for (const { collection, event } of newest.slice(-MAX_TOLD_CHANGES)) {
      this.context.events.emit({
        type: 'change.applied',
        change: {
          operation: event.operation,
          connectorId: this.context.connector.id,
          namespace: namespaceOf(this.context, collection),
          id: event.key.id,
          at: new Date(clusterTimeSeconds(event.clusterTime) * 1_000).toISOString(),
        },
      });
    }
  }
}
