import type { DocumentBatch, JobType, TargetWrite } from '@lockstep/contracts';
import { conditionOf } from '../runner/status-board.js';
import type { PartitionContext } from '../partition/partition-context.js';
import { namespaceOf } from '../partition/partition-context.js';

export interface WriteDocumentsOptions {
  readonly batches: readonly DocumentBatch[];
  readonly version: bigint;
  /** Which job the results count for. */
  readonly countFor: JobType;
  readonly signal: AbortSignal;
}

/**
 * Maps new fields, then writes every document of the batches with one version. Returns when every item is
 * terminal: taken, found newer, or kept as a dead letter.
 */
export async function writeDocuments(context: PartitionContext, options: WriteDocumentsOptions): Promise<void> {
  const { batches, version, countFor, signal } = options;
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
  if (writes.length === 0) return;
  const result = await context.sink.write({
    writes,
    signal,
    onCondition: (condition) => {
      context.status.set(
        'sink',
        condition === null
          ? []
          : [conditionOf(condition.reason, condition.code, condition.message, context.clock.nowMs())],
      );
    },
  });
  context.ledger.wrote(countFor, result);
}
