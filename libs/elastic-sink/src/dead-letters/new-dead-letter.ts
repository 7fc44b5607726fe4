import type { SinkConfig } from '@lockstep/contracts';
import type { RefusedOperation } from '../write/write-tally.js';
import { deadLetterId, type DeadLetter } from './dead-letter.js';

export interface DeadLetterContext {
  readonly connector: { readonly id: string; readonly name: string };
  readonly config: SinkConfig;
  readonly generation: number;
  /** Ordinal of the partition that writes. */
  readonly partition: number;
  readonly nowMs: number;
}

/** A larger body is not kept: the document itself is still in the source. */
const MAX_BODY_BYTES = 1_024 * 1_024;
/** A longer text of an `_id` is not kept, in UTF-16 units. */
const MAX_ID_UNITS = 64 * 1_024;
/** What a keyword field of our own index can hold, in UTF-16 units. */
const MAX_FIELD_UNITS = 8_191;

/** The dead letter of a refused document. Its content is in it only where the connector allows it. */
export function newDeadLetter(refused: RefusedOperation, context: DeadLetterContext): DeadLetter {
  const { operation, refusal } = refused;
  const { route, document } = operation;
  const { connector, config, generation, partition } = context;
  const { namespace, target } = route;
  const now = new Date(context.nowMs).toISOString();
  return {
    schema: 1,
    id: deadLetterId({ connectorId: connector.id, namespace, generation, documentId: document.id }),
    state: 'open',
    connectorId: connector.id,
    connectorName: connector.name,
    namespace,
    binding: target.binding.index,
    generation,
    partition,
    index: target.index,
    documentId: document.id,
    originalId: originalIdOf(refused),
    version: route.version.toString(),
    code: refusal.code,
    errorType: refusal.errorType,
    field: refusal.field?.slice(0, MAX_FIELD_UNITS) ?? null,
    isStale: config.onRefused === 'keepOld',
    reason: config.deadLetterContent ? refusal.reason : null,
    body: config.deadLetterContent ? bodyOf(operation) : null,
    seenCount: 1,
    firstSeenAt: now,
    lastSeenAt: now,
    closedAt: null,
    discardedBy: null,
    discardReason: null,
    retry: null,
    note: null,
  };
}

/** The typed text of the `_id`: the id itself, unless that is a hash. */
function originalIdOf({ operation, originalId }: RefusedOperation): string {
  const text = originalId?.typedText() ?? operation.document.id;
  return text.length > MAX_ID_UNITS ? operation.document.id : text;
}

function bodyOf({ route, document }: RefusedOperation['operation']): string | null {
  if (document.operation === 'delete' || document.end - document.start > MAX_BODY_BYTES) return null;
  return route.body.toString('utf8', document.start, document.end);
}
