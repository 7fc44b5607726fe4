import type { DocumentBatch, JobType, TargetWrite } from '@lockstep/contracts';
import type { JobWork } from '../progress/job-figures.js';
import { conditionOf } from '../runner/status-board.js';
import type { TurnContext } from '../partition/partition-context.js';
import { namespaceOf } from '../partition/partition-context.js';

export interface WriteDocumentsOptions {
  readonly batches: readonly DocumentBatch[];
  readonly version: bigint;
  /** Which job the results count for. */
  readonly countFor: JobType;
  /** See the sink's options. @defaultValue false */
  readonly isRepair?: boolean;
  /** See the sink's options. @defaultValue false */
  readonly keepsOriginalIds?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Maps new fields, then writes every document of the batches with one version. Returns when every item is
 * terminal: taken, found newer, or kept as a dead letter.
 * @returns what is to be counted, together with what makes sure that it is not written again
 */
export async function writeDocuments(
  context: TurnContext,
  options: WriteDocumentsOptions,
): Promise<readonly JobWork[]> {
  const { batches, version, countFor, isRepair = false, keepsOriginalIds = false, signal } = options;
  const writes: TargetWrite[] = [];
  for (const batch of batches) {
    const target = context.targets.get(batch.collection);
    if (target === undefined || batch.documents.length === 0) continue;
    if (batch.newFields.length > 0) await context.sink.mapFields(target, batch.newFields, signal);
    if (Object.keys(batch.notes).length > 0) {
      context.events.emit({
        type: 'conversion.noted',
        connectorId: context.connector.id,
        namespace: namespaceOf(context, batch.collection),
        notes: batch.notes,
      });
    }
    writes.push({ target, version, batch });
  }
  if (writes.length === 0) return [];
  const result = await context.sink.write({
    writes,
    signal,
    isRepair,
    keepsOriginalIds,
    onCondition: (condition) => {
      context.status.set(
        'sink',
        condition === null
          ? []
          : [conditionOf(condition.reason, condition.code, condition.message, context.clock.nowMs())],
      );
    },
  });
  context.conflicts.wrote(result);
  const job = context.ledger.jobFor(countFor);
  // What is refused again was counted when it became a dead letter.
  return job === undefined ? [] : [{ job, result: isRepair ? { ...result, deadLettered: 0 } : result }];
}
