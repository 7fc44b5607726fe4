import { actionOverhead, writeId } from '../versioning/action-line.js';
import type { BulkOperation } from './bulk-operation.js';

const NEWLINE = 0x0a;
/** Longest JSON form of one UTF-16 unit: `\u0000`. */
const MAX_BYTES_PER_UNIT = 6;

/** About how many bytes an operation takes in a bulk body; exact for ids of plain ASCII. */
export function operationBytes(operation: BulkOperation): number {
  const { document, route } = operation;
  const body = document.operation === 'index' ? document.end - document.start + 1 : 0;
  return actionOverhead(route) + document.id.length + body;
}

/** The NDJSON of a bulk request, byte by byte: no object is built and nothing is escaped but ids. */
export function composeBulkBody(operations: readonly BulkOperation[]): Buffer {
  let estimate = 1_024;
  for (const operation of operations) estimate += operationBytes(operation);
  let buffer: Buffer = Buffer.allocUnsafe(estimate);
  let position = 0;
  for (const operation of operations) {
    const { document } = operation;
    const needed = operationBytes(operation) + document.id.length * MAX_BYTES_PER_UNIT;
    if (position + needed > buffer.length) buffer = grown(buffer, position, needed);
    position = writeOperation(buffer, position, operation);
  }
  return buffer.subarray(0, position);
}

function writeOperation(buffer: Buffer, start: number, { document, route }: BulkOperation): number {
  let position = start;
  const head = document.operation === 'index' ? route.indexHead : route.deleteHead;
  position += head.copy(buffer, position);
  position = writeId(buffer, position, document.id);
  position += route.tail.copy(buffer, position);
  if (document.operation === 'delete') return position;
  position += route.body.copy(buffer, position, document.start, document.end);
  buffer[position] = NEWLINE;
  return position + 1;
}

function grown(buffer: Buffer, used: number, needed: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(used + needed, Math.ceil(buffer.length * 1.25)));
  buffer.copy(larger, 0, 0, used);
  return larger;
}
