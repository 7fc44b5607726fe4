import { ElasticFailure } from '@lockstep/elastic';

/** One item that needs a look. */
export interface AnswerItem {
  readonly status: number;
  readonly error: { readonly type: string; readonly reason: string | null } | null;
}

/** `allTaken`: every write was carried out and every delete found its document gone or removed it. */
export type BulkAnswer =
  { readonly kind: 'allTaken' } | { readonly kind: 'mixed'; readonly items: readonly AnswerItem[] };

const ALL_TAKEN_START = '{"errors":false';
const CLOSING_BRACE = 0x7d;

/**
 * Reads a bulk answer made with `filter_path=errors,items.*.status,items.*.error`. The good answer is
 * not parsed: Elasticsearch writes `errors` first, and only when all items are done.
 * @throws ElasticFailure of kind `unreadable` when it is cut off or something else
 */
export function readBulkAnswer(body: Buffer, itemCount: number): BulkAnswer {
  if (body.at(-1) !== CLOSING_BRACE) throw unreadable('is cut off');
  if (body.toString('latin1', 0, ALL_TAKEN_START.length) === ALL_TAKEN_START) return { kind: 'allTaken' };
  const items = parseItems(body);
  if (items?.length !== itemCount) throw unreadable('does not match the request');
  return { kind: 'mixed', items: items.map(readItem) };
}

function parseItems(body: Buffer): readonly unknown[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch {
    throw unreadable('is not JSON');
  }
  const items = (parsed as { items?: unknown } | null)?.items;
  return Array.isArray(items) ? items : undefined;
}

function readItem(item: unknown): AnswerItem {
  const [result] = Object.values((item ?? {}) as Record<string, { status?: unknown; error?: unknown }>);
  if (typeof result?.status !== 'number') throw unreadable('has an item without a status');
  if (result.error === undefined) return { status: result.status, error: null };
  const { type, reason } = (result.error ?? {}) as { type?: unknown; reason?: unknown };
  return {
    status: result.status,
    error: { type: typeof type === 'string' ? type : 'unknown', reason: typeof reason === 'string' ? reason : null },
  };
}

function unreadable(what: string): ElasticFailure {
  return new ElasticFailure('unreadable', null, null, `the bulk answer ${what}`);
}
