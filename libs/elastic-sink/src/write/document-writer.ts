import type { RejectDocument, SinkConfig, Target, TargetWrite, WriteOptions, WriteResult } from '@lockstep/contracts';
import { LockstepError, reached, type Clock } from '@lockstep/core';
import type { BulkOperation, BulkRoute, Refusal } from '../bulk/bulk-operation.js';
import type { BulkRun, BulkWriter } from '../bulk/bulk-writer.js';
import type { DeadLetterWriter } from '../dead-letters/dead-letter-writer.js';
import { newDeadLetter } from '../dead-letters/new-dead-letter.js';
import type { ErrorMonitor } from '../monitor/error-monitor.js';
import type { OriginalIdOwner } from '../original-ids/original-id-document.js';
import type { KeptId, OriginalIdStore } from '../original-ids/original-id-store.js';
import type { TargetState } from '../target/target-state.js';
import { actionParts } from '../versioning/action-line.js';
import { removeOlderStates } from './refused-update.js';
import type { SinkTuning } from './sink-tuning.js';
import { WaitBoard } from './wait-board.js';
import {
  addResults,
  NOTHING_WRITTEN,
  WriteTally,
  type RefusedOperation,
  type WriteTallyOptions,
} from './write-tally.js';
import { writeRounds } from './write-rounds.js';

export interface DocumentWriterOptions {
  /** Ordinal of the partition that writes. */
  readonly partition: number;
  readonly connector: { readonly id: string; readonly name: string };
  readonly config: SinkConfig;
  readonly bulk: BulkWriter;
  readonly deadLetters: DeadLetterWriter;
  readonly originalIds: OriginalIdStore;
  readonly monitor: ErrorMonitor;
  readonly clock: Clock;
  readonly tuning: SinkTuning;
  readonly stateOf: (target: Target, signal: AbortSignal) => Promise<TargetState>;
  /** Throws when the write alias does not lead to the target alone. */
  readonly verifyAlias: (target: Target, signal: AbortSignal) => Promise<void>;
}

/** The states of the targets of one round, by index. */
type States = ReadonlyMap<string, TargetState>;

/** A repair sends what was refused before: that it is refused again says nothing about the run. */
const UNWATCHED: WriteTallyOptions['monitor'] = { accept: () => undefined, refuse: () => undefined };

/** Writes batches until every item is taken, found newer, or kept as a dead letter. */
export class DocumentWriter {
  constructor(private readonly options: DocumentWriterOptions) {}

  async write(options: WriteOptions): Promise<WriteResult> {
    const { clock, tuning, monitor } = this.options;
    const board = new WaitBoard({ clock, tuning, onCondition: options.onCondition });
    const about = { board, signal: options.signal };
    let result = NOTHING_WRITTEN;
    const { isRepair = false, keepsOriginalIds = false } = options;
    for (const round of writeRounds(options.writes)) {
      result = addResults(result, await this.writeRound(round, { isRepair, keepsOriginalIds }, about));
    }
    if (isRepair) return result;
    const trouble = monitor.summary();
    if (trouble === null) return result;
    monitor.reset();
    throw new LockstepError('SINK_ERROR_MONITOR_TRIPPED', trouble);
  }

  private async writeRound(
    writes: readonly TargetWrite[],
    { isRepair, keepsOriginalIds }: Required<Pick<WriteOptions, 'isRepair' | 'keepsOriginalIds'>>,
    about: Omit<BulkRun, 'listener'>,
  ): Promise<WriteResult> {
    const states = new Map<string, TargetState>();
    for (const { target } of writes) states.set(target.index, await this.options.stateOf(target, about.signal));
    const tally = new WriteTally({
      monitor: isRepair ? UNWATCHED : this.options.monitor,
      hasLetters: isRepair || [...states.values()].some((state) => !state.openLetters.isEmpty),
      mayHaveLetter: ({ route, document }) =>
        isRepair || (states.get(route.target.index)?.openLetters.mayHave(document.id) ?? false),
    });
    const operations: BulkOperation[] = [];
    for (const write of writes) addOperations(operations, tally, write);
    const run = { ...about, listener: tally };
    await this.keepOriginalIds(operations, run);
    await this.options.bulk.send(operations, run);
    if (tally.gone.length > 0 && !keepsOriginalIds) await this.forgetOriginalIds(tally.gone, run);
    if (tally.refusals.length > 0) await this.keepRefused(tally, states, run);
    if (tally.cleared.length > 0) await this.clear(tally.cleared, states, run);
    return tally.result();
  }

  /** Before their documents are in the index: what is there can always be asked for in the source. */
  private async keepOriginalIds(operations: readonly BulkOperation[], run: BulkRun): Promise<void> {
    const kept: KeptId[] = [];
    for (const { route, document } of operations) {
      if (document.operation === 'delete' || document.originalId === undefined) continue;
      const { element } = document.originalId;
      kept.push({ owner: this.ownerOf(route), documentId: document.id, element });
    }
    if (kept.length > 0) await this.options.originalIds.keep(kept, run);
  }

  private async forgetOriginalIds(gone: readonly BulkOperation[], run: BulkRun): Promise<void> {
    const ids = gone.map(({ route, document }) => ({ owner: this.ownerOf(route), documentId: document.id }));
    await this.options.originalIds.forget(ids, run);
  }

  private ownerOf({ target }: BulkRoute): OriginalIdOwner {
    return { connectorId: this.options.connector.id, index: target.index };
  }

  /** Removes what is outdated, then stores the dead letters; both are acknowledged on return. */
  private async keepRefused(tally: WriteTally, states: States, run: BulkRun): Promise<void> {
    await this.verifyTargets(tally.refusals, run.signal);
    reached('letters.refused');
    let kept: readonly RefusedOperation[] = tally.refusals;
    if (this.options.config.onRefused === 'delete') {
      kept = await removeOlderStates(tally.refusals, this.options.bulk, run);
      reached('letters.cleaned');
      tally.outdated(tally.refusals.length - kept.length);
    }
    const nowMs = this.options.clock.nowMs();
    const letters = kept.map((refused) => {
      const generation = states.get(refused.operation.route.target.index)?.generation ?? 1;
      return newDeadLetter(refused, { ...this.options, generation, nowMs });
    });
    await this.options.deadLetters.store(letters, run);
    reached('letters.stored');
    for (const { operation } of kept) states.get(operation.route.target.index)?.openLetters.add(operation.document.id);
    tally.deadLettered(kept.length);
  }

  /** A write alias without a write index refuses every document in words that blame the document. */
  private async verifyTargets(refusals: readonly RefusedOperation[], signal: AbortSignal): Promise<void> {
    const suspects = new Map<string, Target>();
    for (const { operation, refusal } of refusals) {
      if (refusal.errorType === 'illegal_argument_exception' && refusal.field === null) {
        suspects.set(operation.route.target.index, operation.route.target);
      }
    }
    for (const target of suspects.values()) await this.options.verifyAlias(target, signal);
  }

  private async clear(cleared: readonly BulkOperation[], states: States, run: BulkRun): Promise<void> {
    const keys = cleared.map(({ route, document }) => ({
      connectorId: this.options.connector.id,
      namespace: route.namespace,
      generation: states.get(route.target.index)?.generation ?? 1,
      documentId: document.id,
      version: route.version,
    }));
    reached('letters.resolving');
    await this.options.deadLetters.resolve(keys, run);
    reached('letters.resolved');
    for (const { route, document } of cleared) states.get(route.target.index)?.openLetters.remove(document.id);
  }
}

function addOperations(operations: BulkOperation[], tally: WriteTally, write: TargetWrite): void {
  const { target, version, batch } = write;
  const route: BulkRoute = {
    target,
    version,
    body: batch.body,
    namespace: target.binding.namespace,
    ...actionParts(target.writeAlias, version),
  };
  for (const document of batch.documents) {
    if (document.operation === 'reject') {
      const operation: BulkOperation = { route, document: { operation: 'delete', id: document.id } };
      tally.refuse({ operation, refusal: conversionRefusal(document), originalId: document.originalId });
    } else {
      operations.push({ route, document });
    }
  }
}

/** A document that could not be written as JSON is refused like one that Elasticsearch does not take. */
function conversionRefusal(document: RejectDocument): Refusal {
  return { code: document.code, errorType: document.code, field: document.field, reason: null };
}
