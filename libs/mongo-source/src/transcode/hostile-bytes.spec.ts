import * as fc from 'fast-check';
import { hostileDocuments } from '../fuzz/transcoder-targets.fixture.js';
import { documentOf, raw, type RawValue } from './bson-bytes.fixture.js';
import { unreadableDocumentId } from '../document-id/unreadable-document-id.js';
import { Transcoder } from './transcoder.js';

const id = ['_id', raw.int32(1)] as const;

/** Bytes whose every access outside the given range is noticed. */
function guarded(bytes: Buffer): { source: Buffer; start: number; end: number } {
  const source = Buffer.concat([Buffer.alloc(40, 0x41), bytes, Buffer.alloc(40, 0x41)]);
  return { source, start: 40, end: 40 + bytes.length };
}

function convert(transcoder: Transcoder, bytes: Buffer) {
  const { source, start, end } = guarded(bytes);
  transcoder.begin();
  const state = transcoder.add(source, start, end);
  return { state, ...transcoder.finish() };
}

function failure(value: RawValue): { code: string; field: string | null; id: string } {
  const { state } = convert(new Transcoder(), documentOf([id, ['a', raw.document([['b', raw.array([value])]])]]));
  if (state.operation !== 'reject') throw new Error('expected a rejected document');
  return state;
}

describe('bytes that are not BSON', () => {
  it.each<[string, RawValue]>([
    ['an unknown type', { type: 0x14, bytes: Buffer.alloc(4) }],
    ['a string longer than its document', { type: 2, bytes: Buffer.from([200, 0, 0, 0, 65, 0]) }],
    ['a string of negative length', { type: 2, bytes: Buffer.from([255, 255, 255, 255, 65, 0]) }],
    ['a string without NUL', { type: 2, bytes: Buffer.from([2, 0, 0, 0, 65, 66]) }],
    ['a bool of 2', { type: 8, bytes: Buffer.from([2]) }],
    ['a document that is too long', { type: 3, bytes: Buffer.from([99, 0, 0, 0, 0]) }],
    ['a document that is too short', { type: 3, bytes: Buffer.from([4, 0, 0, 0, 0]) }],
    ['a document without NUL', { type: 3, bytes: Buffer.from([5, 0, 0, 0, 1]) }],
    ['a document with a name that has no end', { type: 3, bytes: Buffer.from([7, 0, 0, 0, 0x0a, 97, 0]) }],
    ['an array with an index that has no end', { type: 4, bytes: Buffer.from([7, 0, 0, 0, 0x0a, 48, 0]) }],
    ['a document with a NUL too early', { type: 3, bytes: Buffer.from([6, 0, 0, 0, 0, 0]) }],
    ['a binary of negative length', { type: 5, bytes: Buffer.from([255, 255, 255, 255, 0]) }],
    ['a binary that is too long', { type: 5, bytes: Buffer.from([9, 0, 0, 0, 0, 1]) }],
    ['a double that is cut', { type: 1, bytes: Buffer.alloc(2) }],
    ['a Decimal128 that is cut', { type: 19, bytes: Buffer.alloc(2) }],
    ['a scope with a wrong length', { type: 15, bytes: Buffer.from([15, 0, 0, 0, 1, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0]) }],
  ])('rejects %s and names the field', (_, value) => {
    expect(failure(value)).toEqual({
      operation: 'reject',
      id: '{"$number":"1"}',
      code: 'SOURCE_DOCUMENT_CORRUPT',
      field: expect.stringMatching(/^a\.b\.0/u),
    });
  });

  it('rejects a document that is cut anywhere, without an exception', () => {
    const whole = documentOf([id, ['a', raw.string('text')], ['b', raw.document([['c', raw.int64(5n)]])]]);
    const transcoder = new Transcoder();
    for (let length = 0; length < whole.length; length++) {
      expect(convert(transcoder, whole.subarray(0, length)).state.operation).toBe('reject');
    }
    expect(convert(transcoder, whole).state.operation).toBe('index');
  });

  it.each<[string, RawValue]>([
    ['string', raw.string('a')],
    ['document', raw.document([['b', raw.null]])],
    ['array', raw.array([raw.null])],
    ['UUID', raw.binary(4, Buffer.alloc(16))],
    ['regex', raw.regex('a', 'i')],
    ['DBPointer', raw.dbPointer('a', Buffer.alloc(12))],
    ['code with scope', raw.codeWithScope('a', [])],
    ['date', raw.date(0n)],
    ['decimal', raw.decimal(Buffer.alloc(16))],
  ])('rejects a document that ends within its %s, where memory ends too', (_, { type, bytes }) => {
    for (let length = 0; length < bytes.length; length++) {
      const document = documentOf([id, ['a', { type, bytes: bytes.subarray(0, length) }]]);
      const transcoder = new Transcoder();
      transcoder.begin();
      expect(transcoder.add(document, 0, document.length)).toMatchObject({ operation: 'reject', field: 'a' });
    }
  });

  it.each<[string, RawValue]>([
    ['an array with an index that has no end', { type: 4, bytes: Buffer.from([7, 0, 0, 0, 0x0a, 48, 0]) }],
    ['an object with a name that has no end', { type: 3, bytes: Buffer.from([7, 0, 0, 0, 0x0a, 97, 0]) }],
    ['an object that ends in its first name', { type: 3, bytes: Buffer.from([6, 0, 0, 0, 2, 0]) }],
  ])('rejects %s, where memory ends too', (_, value) => {
    const document = documentOf([id, ['a', value]]);
    const transcoder = new Transcoder();
    transcoder.begin();
    expect(transcoder.add(document, 0, document.length)).toMatchObject({ operation: 'reject', field: 'a' });
  });

  it('rejects a document without _id under an id made of its bytes', () => {
    const { state } = convert(new Transcoder(), documentOf([['a', raw.null]]));
    expect(state).toMatchObject({ operation: 'reject', field: '_id', code: 'SOURCE_DOCUMENT_CORRUPT' });
    expect(state.id).toMatch(/^\{"\$unreadable":"[0-9a-f]{64}"\}$/u);
  });

  it.each<[string, RawValue, string]>([
    ['up to the element', { type: 0x14, bytes: Buffer.alloc(0) }, 'a.b..c'],
    ['up to the object whose name has no end', { type: 3, bytes: Buffer.from([7, 0, 0, 0, 0x0a, 97, 0]) }, 'a.b..c'],
  ])('names the path %s', (_, value, path) => {
    const document = documentOf([id, ['a', raw.document([['b', raw.document([['', raw.document([['c', value]])]])]])]]);
    expect(convert(new Transcoder(), document).state).toMatchObject({ operation: 'reject', field: path });
  });

  it('names no more than 1 000 chars of a path', () => {
    const document = documentOf([id, ['ab'.repeat(600), { type: 0x14, bytes: Buffer.alloc(0) }]]);
    expect(convert(new Transcoder(), document).state).toMatchObject({ field: 'ab'.repeat(500) });
  });

  it('rejects ranges outside the buffer, whatever was rejected before', () => {
    const transcoder = new Transcoder();
    transcoder.begin();
    const bad = documentOf([id, ['x', { type: 0x14, bytes: Buffer.alloc(0) }]]);
    expect(transcoder.add(bad, 0, bad.length)).toMatchObject({ field: 'x' });
    for (const [start, end] of [
      [-1, 5],
      [0, 999],
      [9, 3],
    ] as const) {
      expect(transcoder.add(documentOf([id]), start, end)).toEqual({
        operation: 'reject',
        id: unreadableDocumentId(Buffer.alloc(0)),
        code: 'SOURCE_DOCUMENT_CORRUPT',
        field: null,
      });
    }
  });

  it('does not go back to what stands in front when names that depend on each other come to no end', () => {
    const named = documentOf([id, ['a.b', raw.int32(5)]]);
    const length = Buffer.alloc(4);
    length.writeInt32LE(named.length + 3);
    const document = Buffer.concat([length, named.subarray(4, -1), Buffer.from([0x0a, 122, 122, 0])]);
    // A string whose text ends where the name without an end begins.
    const front = Buffer.from([2, 0, named.length - 1, 0, 0, 0]);
    const transcoder = new Transcoder();
    transcoder.begin();
    const source = Buffer.concat([front, document]);
    expect(transcoder.add(source, front.length, source.length).operation).toBe('reject');
  });

  it('reports the fields of a rejected document when they are met again', () => {
    const transcoder = new Transcoder();
    transcoder.begin();
    const bad = documentOf([
      id,
      ['a', raw.int32(1)],
      ['b', raw.bool(true)],
      ['x', { type: 0x14, bytes: Buffer.alloc(0) }],
    ]);
    const good = documentOf([id, ['b', raw.bool(false)], ['a', raw.int32(2)]]);
    expect(transcoder.add(bad, 0, bad.length).operation).toBe('reject');
    expect(transcoder.add(good, 0, good.length).operation).toBe('index');
    expect(transcoder.finish().newFields).toEqual([
      { path: 'b', type: 'bool' },
      { path: 'a', type: 'int' },
    ]);
  });

  it('leaves nothing of a rejected document behind', () => {
    const transcoder = new Transcoder();
    transcoder.begin();
    const bad = documentOf([id, ['fresh', raw.double(NaN)], ['x', { type: 0x14, bytes: Buffer.alloc(0) }]]);
    const good = documentOf([id, ['n', raw.int32(1)]]);
    expect(transcoder.add(bad, 0, bad.length).operation).toBe('reject');
    expect(transcoder.add(good, 0, good.length)).toMatchObject({ operation: 'index', start: 0, end: 7 });
    const { body, newFields, notes } = transcoder.finish();
    expect(body.toString()).toBe('{"n":1}');
    expect(newFields).toEqual([{ path: 'n', type: 'int' }]);
    expect(notes).toEqual({});
  });

  it('survives any change to any bytes: JSON that parses, or a rejection; nothing read outside', () => {
    fc.assert(hostileDocuments.property(), { numRuns: 500, seed: 99 });
  });
});
