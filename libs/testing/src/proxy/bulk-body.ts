/** One operation of a `_bulk` request. */
export interface BulkItem {
  /** Place in the request, from 0. */
  readonly position: number;
  readonly operation: 'index' | 'create' | 'update' | 'delete';
  readonly index: string | undefined;
  readonly id: string | undefined;
  /** The lines of this operation as they were sent, line ends included. */
  readonly raw: Buffer;
}

/** Splits a `_bulk` body into its operations without touching their bytes. */
export function splitBulkBody(body: Buffer): readonly BulkItem[] {
  const items: BulkItem[] = [];
  let at = 0;
  while (at < body.length) {
    const actionEnd = endOfLine(body, at);
    const line = body.toString('utf8', at, actionEnd);
    if (line.trim() === '') {
      at = actionEnd;
      continue;
    }
    const action = JSON.parse(line) as Record<string, { _index?: string; _id?: string }>;
    const operation = Object.keys(action)[0] as BulkItem['operation'];
    const end = operation === 'delete' ? actionEnd : endOfLine(body, actionEnd);
    const { _index: index, _id: id } = action[operation]!;
    items.push({ position: items.length, operation, index, id, raw: body.subarray(at, end) });
    at = end;
  }
  return items;
}

function endOfLine(body: Buffer, from: number): number {
  const at = body.indexOf(0x0a, from);
  return at < 0 ? body.length : at + 1;
}
