import {
  DEFAULT_ERROR_MONITOR,
  isHashedId,
  type Binding,
  type EnsuredTarget,
  type EnsureTargetOptions,
  type EventSink,
  type FieldType,
  type FieldTypeCount,
  type RefusedId,
  type ServeOptions,
  type SinkConfig,
  type ShardHistories,
  type SinkPort,
  type Target,
  type WalkOptions,
  type WriteOptions,
  type WriteResult,
} from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import { probeElasticsearch, type ElasticClient } from '@lockstep/elastic';
import { BulkWriter } from './bulk/bulk-writer.js';
import { DeadLetterWriter } from './dead-letters/dead-letter-writer.js';
import { walkRefused } from './dead-letters/open-letters.js';
import { FieldMapper, type FieldNotes } from './mapping/field-mapper.js';
import { ErrorMonitor } from './monitor/error-monitor.js';
import { OriginalIdStore } from './original-ids/original-id-store.js';
import { readSeqNoMarks } from './sweep/seq-no-marks.js';
import { walkIds } from './sweep/walk-ids.js';
import { deleteGeneration } from './target/delete-generation.js';
import { readForgetfulIndices } from './target/forgetful-indices.js';
import { LoadPolicy } from './target/load-policy.js';
import { ReadAliases } from './target/read-aliases.js';
import { readShardHistories } from './target/shard-histories.js';
import { TargetKeeper } from './target/target-keeper.js';
import { TargetOwnership } from './target/target-ownership.js';
import { TargetStates } from './target/target-states.js';
import { countDocuments, refreshIndex } from './target/visible-documents.js';
import { DocumentWriter } from './write/document-writer.js';
import { DEFAULT_TUNING, type SinkTuning } from './write/sink-tuning.js';

export interface ElasticSinkOptions {
  /** The cluster that is written to. Closed by `close()` unless it is `stateClient`. */
  readonly client: ElasticClient;
  /** The cluster of our own state, where dead letters are kept. Never closed by the sink. */
  readonly stateClient: ElasticClient;
  /** Prefix of our own indices. */
  readonly prefix: string;
  readonly connector: { readonly id: string; readonly name: string };
  readonly installationId: string;
  /** The name of a connector of this installation; null when there is none with this id. */
  readonly connectorName: (connectorId: string) => Promise<string | null>;
  readonly config: SinkConfig;
  readonly events: EventSink;
  /** Ordinal of the partition that writes. @defaultValue 0 */
  readonly partition?: number;
  /** @defaultValue the system's clock */
  readonly clock?: Clock;
  /** @defaultValue DEFAULT_TUNING */
  readonly tuning?: Partial<SinkTuning>;
}

/** The sink of one connector. One run of a connector has one of its own: the error monitor counts per sink. */
export function createElasticSink(options: ElasticSinkOptions): SinkPort {
  return new ElasticSink(options);
}

class ElasticSink implements SinkPort {
  private readonly client: ElasticClient;
  private readonly aliases: ReadAliases;
  private readonly targets: TargetKeeper;
  private readonly states: TargetStates;
  private readonly fields: FieldMapper;
  private readonly load: LoadPolicy;
  private readonly originals: OriginalIdStore;
  private readonly writer: DocumentWriter;

  constructor(private readonly options: ElasticSinkOptions) {
    const { client, stateClient, prefix, connector, installationId, config, events, partition = 0 } = options;
    const clock = options.clock ?? systemClock;
    const tuning = { ...DEFAULT_TUNING, ...options.tuning };
    this.client = client;
    const owner = { connectorId: connector.id, installationId, config };
    const ownership = new TargetOwnership({ ...owner, connectorName: options.connectorName });
    this.aliases = new ReadAliases({ client, config, ownership });
    this.targets = new TargetKeeper({ ...owner, client, ownership, partition });
    this.states = new TargetStates({
      client,
      stateClient,
      prefix,
      connectorId: connector.id,
      maxOpenLetters: tuning.maxOpenLetters,
    });
    this.fields = new FieldMapper(client, config);
    this.load = new LoadPolicy(client);
    this.originals = new OriginalIdStore({ client: stateClient, prefix, clock });
    this.writer = new DocumentWriter({
      connector,
      partition,
      config,
      clock,
      tuning,
      bulk: new BulkWriter({ client, connectorId: connector.id, events, clock, tuning }),
      deadLetters: new DeadLetterWriter({ client: stateClient, prefix, clock }),
      originalIds: this.originals,
      monitor: new ErrorMonitor(config.errorMonitor ?? DEFAULT_ERROR_MONITOR),
      stateOf: (target, signal) => this.states.of(target, signal),
      verifyAlias: (target, signal) => this.targets.verifyAlias(target, signal),
    });
  }

  async check(signal: AbortSignal): Promise<void> {
    await probeElasticsearch(this.client, signal);
  }

  async ensureTarget(options: EnsureTargetOptions): Promise<EnsuredTarget> {
    const target = await this.targets.ensure(options);
    await this.states.load(target, options.generation, options.signal);
    return target;
  }

  async findTarget(options: EnsureTargetOptions): Promise<Target> {
    const target = await this.targets.lookUp(options);
    await this.states.load(target, options.generation, options.signal);
    return target;
  }

  latestFence(options: Omit<EnsureTargetOptions, 'fence'>): Promise<number> {
    return this.targets.latestFence(options);
  }

  async mapFields(target: Target, fields: readonly FieldType[], signal: AbortSignal): Promise<void> {
    if (fields.length === 0) return;
    const state = await this.states.of(target, signal);
    this.tell(target, await this.fields.map(target.index, state.fields, fields, signal));
  }

  async mapSample(target: Target, fields: readonly FieldTypeCount[], signal: AbortSignal): Promise<void> {
    if (fields.length === 0) return;
    const state = await this.states.of(target, signal);
    this.tell(target, await this.fields.mapSample(target.index, state.fields, fields, signal));
  }

  private tell(target: Target, counts: FieldNotes): void {
    const notes = Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
    if (Object.keys(notes).length === 0) return;
    this.options.events.emit({
      type: 'conversion.noted',
      connectorId: this.options.connector.id,
      namespace: target.binding.namespace,
      notes,
    });
  }

  write(options: WriteOptions): Promise<WriteResult> {
    return this.writer.write(options);
  }

  beginLoad(target: Target, signal: AbortSignal): Promise<void> {
    return this.load.begin(target, signal);
  }

  endLoad(target: Target, signal: AbortSignal): Promise<void> {
    return this.load.end(target, signal);
  }

  refresh(target: Target, signal: AbortSignal): Promise<void> {
    return refreshIndex(this.client, target.index, signal);
  }

  count(target: Target, signal: AbortSignal): Promise<number> {
    return countDocuments(this.client, target.index, signal);
  }

  seqNoMarks(target: Target, signal: AbortSignal): Promise<Readonly<Record<string, number>>> {
    return readSeqNoMarks(this.client, target.index, signal);
  }

  histories(targets: readonly Target[], signal: AbortSignal): Promise<ReadonlyMap<string, ShardHistories>> {
    const indices = targets.map(({ index }) => index);
    return readShardHistories(this.client, indices, signal);
  }

  forgetful(targets: readonly Target[], signal: AbortSignal): Promise<readonly string[]> {
    const indices = targets.map(({ index }) => index);
    return readForgetfulIndices(this.client, indices, signal);
  }

  walkIds(options: WalkOptions): AsyncIterable<readonly string[]> {
    return walkIds(this.client, options);
  }

  async *walkRefused(target: Target, signal: AbortSignal): AsyncGenerator<readonly RefusedId[]> {
    const { stateClient: client, prefix, connector } = this.options;
    const { generation } = await this.states.of(target, signal);
    const { namespace } = target.binding;
    yield* walkRefused({ client, prefix, target: { connectorId: connector.id, namespace, generation } });
  }

  async hasRefused(target: Target, signal: AbortSignal): Promise<boolean> {
    return !(await this.states.of(target, signal)).openLetters.isEmpty;
  }

  closeToOthers(target: Target, signal: AbortSignal): Promise<void> {
    return this.targets.closeToOthers(target, signal);
  }

  originalIds(target: Target, ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, Buffer>> {
    const hashed = ids.filter(isHashedId);
    return this.originals.elements({ connectorId: this.options.connector.id, index: target.index }, hashed, signal);
  }

  countServed(binding: Binding, signal: AbortSignal): Promise<number> {
    return this.aliases.count(binding, signal);
  }

  servedElsewhere(targets: readonly Target[], signal: AbortSignal): Promise<readonly Target[]> {
    return this.aliases.servedElsewhere(targets, signal);
  }

  serve(targets: readonly Target[], withdrawn: readonly Binding[], options: ServeOptions): Promise<void> {
    return this.aliases.moveTo(targets, withdrawn, options);
  }

  async deleteGeneration(generation: number, signal: AbortSignal): Promise<readonly string[]> {
    const { client, connector, installationId } = this.options;
    const owner = { client, connectorId: connector.id, installationId };
    const deleted = await deleteGeneration({ ...owner, generation, signal });
    for (const index of deleted) await this.originals.removeAll({ connectorId: connector.id, index }, signal);
    return deleted;
  }

  async close(): Promise<void> {
    if (this.client !== this.options.stateClient) await this.client.close();
  }
}
