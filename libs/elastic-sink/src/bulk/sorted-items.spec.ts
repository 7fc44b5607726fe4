import type { AnswerItem } from './bulk-answer.js';
import type { BulkOperation, BulkRoute } from './bulk-operation.js';
import { countOutcomes, sortItems } from './sorted-items.js';

const route = {} as BulkRoute;
const index = (id: string): BulkOperation => ({ route, document: { operation: 'index', id, start: 0, end: 0 } });
const remove = (id: string): BulkOperation => ({ route, document: { operation: 'delete', id } });
const item = (status: number, type?: string, reason: string | null = null): AnswerItem => ({
  status,
  error: type === undefined ? null : { type, reason },
});

describe('sortItems', () => {
  it('takes a good answer as a whole', () => {
    const request = [index('a'), remove('b')];
    const sorted = sortItems(request, { kind: 'allTaken' }, new Map());
    expect(sorted.terminal).toEqual([{ kind: 'taken', operations: request }]);
    expect(countOutcomes(sorted.terminal)).toEqual({ indexed: 1, deleted: 1, conflicts: 0, deadLettered: 0 });
  });

  it('gives every operation of a mixed answer one place', () => {
    const request = ['taken', 'newer', 'busy', 'bad', 'large', 'blocked'].map(index);
    const items = [
      item(200),
      item(409, 'version_conflict_engine_exception'),
      item(429, 'es_rejected_execution_exception'),
      item(
        400,
        'document_parsing_exception',
        "[1:2] failed to parse field [a.b] of type [long] in document with id 'x'",
      ),
      item(413),
      item(403, 'cluster_block_exception'),
    ];
    const sorted = sortItems(request, { kind: 'mixed', items }, new Map());
    expect(sorted.terminal.map((t) => t.kind)).toEqual(['taken', 'newer', 'refused']);
    expect(sorted.terminal[2]).toMatchObject({ refusal: { field: 'a.b', errorType: 'document_parsing_exception' } });
    expect(sorted.again.map((o) => o.document.id)).toEqual(['busy', 'blocked']);
    expect(sorted.split.map((o) => o.document.id)).toEqual(['large']);
    expect(sorted.wait).toEqual({ kind: 'hold', code: 'SINK_READ_ONLY', retryAfterMs: null });
    expect(sorted.fatal).toBeNull();
  });

  it('says that nothing can be written any more', () => {
    const items = [item(200), item(404, 'index_not_found_exception')];
    expect(sortItems([index('a'), index('b')], { kind: 'mixed', items }, new Map()).fatal).toBe('SINK_TARGET_MISSING');
  });

  it('refuses what is too large alone', () => {
    const sorted = sortItems([index('a')], { kind: 'mixed', items: [item(413)] }, new Map());
    expect(sorted.terminal).toMatchObject([{ kind: 'refused', refusal: { code: 'SINK_DOCUMENT_TOO_LARGE' } }]);
  });

  it('refuses an unexplained failure after its tries, counted per operation', () => {
    const [a, attempts] = [index('a'), new Map<BulkOperation, number>()];
    const once = (): string =>
      sortItems([a], { kind: 'mixed', items: [item(500, 'null_pointer_exception')] }, attempts).again.length === 1
        ? 'again'
        : 'refused';
    expect(Array.from({ length: 8 }, once)).toEqual([...Array.from({ length: 7 }, () => 'again'), 'refused']);
  });
});
