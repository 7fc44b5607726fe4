import { operationBytes } from './bulk-body.js';
import type { BulkOperation } from './bulk-operation.js';

export interface PackingLimits {
  /** Largest body, bytes; one operation that is larger goes alone. */
  readonly maxBytes: number;
  readonly maxDocs: number;
  /** How many requests may be in flight: a load is spread evenly over them. */
  readonly lanes: number;
}

/** Below this, splitting costs more than a second core of Elasticsearch gives. */
const WORTH_SPLITTING_BYTES = 512 * 1_024;

/**
 * Cuts operations into requests, in order. One bulk in flight keeps one core of Elasticsearch busy,
 * so what is worth it is cut into as many parts as may be in flight, even if one request could hold it.
 */
export function packOperations(operations: readonly BulkOperation[], limits: PackingLimits): BulkOperation[][] {
  let total = 0;
  for (const operation of operations) total += operationBytes(operation);
  const evenShare = Math.max(total / limits.lanes, WORTH_SPLITTING_BYTES);
  const requests: BulkOperation[][] = [];
  let request: BulkOperation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const size = operationBytes(operation);
    const isFull = bytes >= evenShare || bytes + size > limits.maxBytes || request.length >= limits.maxDocs;
    if (request.length > 0 && isFull) {
      requests.push(request);
      request = [];
      bytes = 0;
    }
    request.push(operation);
    bytes += size;
  }
  if (request.length > 0) requests.push(request);
  return requests;
}

/** Two halves of a request that is too large or that hides one bad operation. */
export function halves<T>(operations: readonly T[]): [T[], T[]] {
  const middle = Math.ceil(operations.length / 2);
  return [operations.slice(0, middle), operations.slice(middle)];
}
