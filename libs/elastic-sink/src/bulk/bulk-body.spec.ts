import type { Target } from '@lockstep/contracts';
import fc from 'fast-check';
import { actionParts } from '../versioning/action-line.js';
import { composeBulkBody, operationBytes } from './bulk-body.js';
import type { BulkOperation, BulkRoute } from './bulk-operation.js';
import { halves, packOperations } from './bulk-packing.js';

const VERSION = 2n ** 62n + 1n;

const route = (body: Buffer): BulkRoute => ({
  target: { writeAlias: 'orders-000001-WRITE' } as Target,
  version: VERSION,
  body,
  namespace: 'shop.orders',
  ...actionParts('orders-000001-WRITE', VERSION),
});

function operationsOf(states: readonly (readonly [id: string, json: string | null])[]): BulkOperation[] {
  const shared = route(Buffer.from(states.map(([, json]) => json ?? '').join('')));
  let start = 0;
  return states.map(([id, json]) => {
    if (json === null) return { route: shared, document: { operation: 'delete', id } };
    const end = start + Buffer.byteLength(json);
    const document = { operation: 'index' as const, id, start, end };
    start = end;
    return { route: shared, document };
  });
}

describe('composeBulkBody', () => {
  it('writes action lines with exact versions, and bodies as they are', () => {
    const body = composeBulkBody(
      operationsOf([
        ['a', '{"n":1.0}'],
        ['b"\\', null],
        ['ü', '{"s":"ß"}'],
      ]),
    );
    expect(body.toString('utf8')).toBe(
      [
        '{"index":{"_index":"orders-000001-WRITE","_id":"a","version":4611686018427387905,"version_type":"external_gte"}}',
        '{"n":1.0}',
        '{"delete":{"_index":"orders-000001-WRITE","_id":"b\\"\\\\","version":4611686018427387905,"version_type":"external_gte"}}',
        '{"index":{"_index":"orders-000001-WRITE","_id":"ü","version":4611686018427387905,"version_type":"external_gte"}}',
        '{"s":"ß"}',
        '',
      ].join('\n'),
    );
  });

  it('carries any id and any body through', () => {
    const state = fc.tuple(fc.string({ unit: 'binary', maxLength: 200 }), fc.option(fc.json()));
    fc.assert(
      fc.property(fc.array(state, { maxLength: 30 }), (states) => {
        const lines = composeBulkBody(operationsOf(states)).toString('utf8').split('\n');
        for (const [id, json] of states) {
          const action = JSON.parse(lines.shift()!) as Record<string, { _id: string }>;
          expect(Object.values(action)[0]?._id).toBe(id);
          expect(Object.keys(action)).toEqual([json === null ? 'delete' : 'index']);
          if (json !== null) expect(lines.shift()).toBe(json);
        }
        expect(lines).toEqual(['']);
      }),
    );
  });

  it('grows when ids need more room than was thought', () => {
    const ids = Array.from({ length: 500 }, (_, i) => `${'\u0001'.repeat(200)}${i}`);
    const body = composeBulkBody(operationsOf(ids.map((id) => [id, null])));
    expect(body.toString('utf8').split('\n')).toHaveLength(501);
  });

  it('knows the size of plain operations exactly', () => {
    const operations = operationsOf([['a', '{}']]);
    // The head of a delete is one byte longer than that of an index: never less than it takes.
    expect(operationBytes(operations[0]!)).toBe(composeBulkBody(operations).length + 1);
  });
});

describe('packOperations', () => {
  const many = operationsOf(
    Array.from({ length: 100 }, (_, i) => [`id${i}`, JSON.stringify({ pad: 'x'.repeat(20_000) })]),
  );
  const flat = (requests: BulkOperation[][]): BulkOperation[] => requests.flat();

  it('loses nothing and keeps the order', () => {
    for (const maxBytes of [1, 50_000, 4_000_000]) {
      expect(flat(packOperations(many, { maxBytes, maxDocs: 30, lanes: 2 }))).toEqual(many);
    }
  });

  it('spreads what is worth it over the lanes', () => {
    expect(packOperations(many, { maxBytes: 4_000_000, maxDocs: 5_000, lanes: 2 })).toHaveLength(2);
    expect(packOperations(many.slice(0, 10), { maxBytes: 4_000_000, maxDocs: 5_000, lanes: 2 })).toHaveLength(1);
    expect(packOperations([], { maxBytes: 4_000_000, maxDocs: 5_000, lanes: 2 })).toEqual([]);
  });

  it('sends alone what is larger than a request may be', () => {
    expect(packOperations(many, { maxBytes: 1_000, maxDocs: 5_000, lanes: 1 })).toHaveLength(100);
  });

  it('halves without losing the middle', () => {
    expect(halves([1, 2, 3])).toEqual([[1, 2], [3]]);
    expect(halves([1])).toEqual([[1], []]);
  });
});
