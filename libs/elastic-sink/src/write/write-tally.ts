import { isHashedId, type OriginalId, type WriteResult } from '@lockstep/contracts';
import type { BulkListener } from '../bulk/bulk-writer.js';
import type { BulkOperation, Refusal } from '../bulk/bulk-operation.js';
import type { ErrorMonitor } from '../monitor/error-monitor.js';

export interface RefusedOperation {
  readonly operation: BulkOperation;
  readonly refusal: Refusal;
  /** Of a document with a hashed id. */
  readonly originalId?: OriginalId | undefined;
}

export interface WriteTallyOptions {
  readonly monitor: Pick<ErrorMonitor, 'accept' | 'refuse'>;
  /** True when the document may have an open dead letter. */
  readonly mayHaveLetter: (operation: BulkOperation) => boolean;
  /** False while no target of the write has an open dead letter: nothing has to be looked at. */
  readonly hasLetters: boolean;
}

/** Collects what becomes of the operations of one write. Every item is counted in one place only. */
export class WriteTally implements BulkListener {
  private counts = { indexed: 0, deleted: 0, conflicts: 0, deadLettered: 0, retried: 0 };
  readonly refusals: RefusedOperation[] = [];
  /** Taken operations whose dead letter can be closed. */
  readonly cleared: BulkOperation[] = [];
  /** Deletions that were taken of documents with hashed ids. */
  readonly gone: BulkOperation[] = [];

  constructor(private readonly options: WriteTallyOptions) {}

  taken(operations: readonly BulkOperation[]): void {
    let deleted = 0;
    for (const operation of operations) {
      const { document } = operation;
      if (document.operation !== 'delete') continue;
      deleted++;
      if (isHashedId(document.id)) this.gone.push(operation);
    }
    this.counts.deleted += deleted;
    this.counts.indexed += operations.length - deleted;
    this.options.monitor.accept(operations.length);
    if (!this.options.hasLetters) return;
    for (const operation of operations) if (this.options.mayHaveLetter(operation)) this.cleared.push(operation);
  }

  newer(): void {
    this.counts.conflicts++;
    this.options.monitor.accept(1);
  }

  refused(operation: BulkOperation, refusal: Refusal): void {
    const { document } = operation;
    this.refuse({ operation, refusal, originalId: document.operation === 'index' ? document.originalId : undefined });
  }

  /** Like one that Elasticsearch refused: a document that could not be converted. */
  refuse(refused: RefusedOperation): void {
    this.refusals.push(refused);
    this.options.monitor.refuse(refused.refusal);
  }

  retried(count: number): void {
    this.counts.retried += count;
  }

  deadLettered(count: number): void {
    this.counts.deadLettered += count;
  }

  /** Refused, but then a newer version was found in the index. */
  outdated(count: number): void {
    this.counts.conflicts += count;
  }

  result(): WriteResult {
    return { ...this.counts };
  }
}

export const NOTHING_WRITTEN: WriteResult = { indexed: 0, deleted: 0, conflicts: 0, deadLettered: 0, retried: 0 };

export function addResults(a: WriteResult, b: WriteResult): WriteResult {
  return {
    indexed: a.indexed + b.indexed,
    deleted: a.deleted + b.deleted,
    conflicts: a.conflicts + b.conflicts,
    deadLettered: a.deadLettered + b.deadLettered,
    retried: a.retried + b.retried,
  };
}
