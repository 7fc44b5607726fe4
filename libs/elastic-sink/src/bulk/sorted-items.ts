import type { ErrorCode } from '@lockstep/core';
import { refusedField } from '../dead-letters/refused-field.js';
import type { WaitCause } from '../write/wait-board.js';
import type { AnswerItem, BulkAnswer } from './bulk-answer.js';
import type { BulkOperation, Refusal } from './bulk-operation.js';
import { itemVerdict, type ItemVerdict } from './item-outcome.js';

/** What has become of operations, in the order of the request. */
export type TerminalItem =
  | { readonly kind: 'taken'; readonly operations: readonly BulkOperation[] }
  | { readonly kind: 'newer'; readonly operation: BulkOperation }
  | { readonly kind: 'refused'; readonly operation: BulkOperation; readonly refusal: Refusal };

export interface SortedItems {
  readonly terminal: readonly TerminalItem[];
  readonly again: readonly BulkOperation[];
  readonly split: readonly BulkOperation[];
  readonly wait: WaitCause | null;
  /** Nothing can be written any more. */
  readonly fatal: ErrorCode | null;
}

/** Mutable while one answer is sorted. */
interface Sorting {
  readonly terminal: TerminalItem[];
  readonly again: BulkOperation[];
  readonly split: BulkOperation[];
  wait: WaitCause | null;
  fatal: ErrorCode | null;
}

/**
 * Sorts the items of an answer by what is to be done.
 * @param attempts counts the tries of operations that may not be tried for ever; kept by the caller
 */
export function sortItems(
  request: readonly BulkOperation[],
  answer: BulkAnswer,
  attempts: Map<BulkOperation, number>,
): SortedItems {
  if (answer.kind === 'allTaken') {
    return { terminal: [{ kind: 'taken', operations: request }], again: [], split: [], wait: null, fatal: null };
  }
  const sorting: Sorting = { terminal: [], again: [], split: [], wait: null, fatal: null };
  const isAlone = request.length === 1;
  for (const [index, item] of answer.items.entries()) {
    const operation = request[index];
    if (operation === undefined) continue;
    const verdict = itemVerdict(item.status, item.error?.type ?? null, operation.document.operation);
    sortItem(sorting, { operation, item, verdict: limited(verdict, operation, attempts, isAlone) });
  }
  return sorting;
}

function sortItem(
  sorting: Sorting,
  { operation, item, verdict }: { operation: BulkOperation; item: AnswerItem; verdict: ItemVerdict },
): void {
  switch (verdict.outcome) {
    case 'taken':
      sorting.terminal.push({ kind: 'taken', operations: [operation] });
      return;
    case 'newer':
      sorting.terminal.push({ kind: 'newer', operation });
      return;
    case 'deadLetter':
      sorting.terminal.push({ kind: 'refused', operation, refusal: refusalOf(item) });
      return;
    case 'split':
      sorting.split.push(operation);
      return;
    case 'fatal':
      sorting.fatal ??= verdict.code;
      return;
    case 'retry':
    case 'hold':
      sorting.again.push(operation);
      // A hold says more than a passing failure.
      if (sorting.wait === null || (sorting.wait.kind === 'retry' && verdict.outcome === 'hold')) {
        sorting.wait = { kind: verdict.outcome, code: verdict.code ?? 'SINK_REQUEST_FAILED', retryAfterMs: null };
      }
  }
}

/** Turns a verdict into `deadLetter` when the operation has had all its tries or cannot be split. */
function limited(
  verdict: ItemVerdict,
  operation: BulkOperation,
  attempts: Map<BulkOperation, number>,
  isAlone: boolean,
): ItemVerdict {
  if (verdict.outcome === 'split' && isAlone) return { ...verdict, outcome: 'deadLetter' };
  if (verdict.maxAttempts === undefined) return verdict;
  const tries = (attempts.get(operation) ?? 0) + 1;
  attempts.set(operation, tries);
  return tries >= verdict.maxAttempts ? { ...verdict, outcome: 'deadLetter' } : verdict;
}

function refusalOf(item: AnswerItem): Refusal {
  return {
    code: item.status === 413 ? 'SINK_DOCUMENT_TOO_LARGE' : 'SINK_DOCUMENT_REJECTED',
    errorType: item.error?.type ?? `http_${item.status}`,
    field: refusedField(item.error?.reason ?? null),
    reason: item.error?.reason ?? null,
  };
}

export interface OutcomeCounts {
  readonly indexed: number;
  readonly deleted: number;
  readonly conflicts: number;
  readonly deadLettered: number;
}

export function countOutcomes(terminal: readonly TerminalItem[]): OutcomeCounts {
  const counts = { indexed: 0, deleted: 0, conflicts: 0, deadLettered: 0 };
  for (const item of terminal) {
    if (item.kind === 'newer') counts.conflicts++;
    else if (item.kind === 'refused') counts.deadLettered++;
    else for (const { document } of item.operations) counts[document.operation === 'index' ? 'indexed' : 'deleted']++;
  }
  return counts;
}
