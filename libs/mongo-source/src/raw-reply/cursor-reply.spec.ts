import { BSON, Long, Timestamp } from 'mongodb';
import { documentCount, readCursorReply } from './cursor-reply.js';

const cursor = Buffer.from(BSON.serialize({ id: Long.fromNumber(7), nextBatch: [{ a: 1 }, { a: 2 }] }));

function batchWithNulAt(at: number): Buffer {
  const damaged = Buffer.from(cursor);
  damaged[at] = 0;
  return damaged;
}

describe('the reply of a cursor', () => {
  it('is read without being decoded', () => {
    const reply = readCursorReply({ ok: 1, cursor, operationTime: new Timestamp({ t: 5, i: 3 }) });
    expect(reply.cursorId.toNumber()).toBe(7);
    expect(documentCount(reply)).toBe(2);
    expect(reply.operationTime).toBe((5n << 32n) | 3n);
    expect(BSON.deserialize(reply.source.subarray(reply.bounds[2], reply.bounds[3]))).toEqual({ a: 2 });
    expect(reply.postBatchResumeToken).toBeNull();
  });

  it('has no clock of ours to stand in for the time of the server', () => {
    expect(() => readCursorReply({ ok: 1, cursor })).toThrow(expect.objectContaining({ code: 'SOURCE_READ_FAILED' }));
  });

  it.each([
    ['no cursor', undefined],
    ['a decoded cursor', { id: 7, nextBatch: [] }],
    ['no batch', Buffer.from(BSON.serialize({ id: Long.ZERO }))],
    ['a batch that ends in front of a document', batchWithNulAt(cursor.indexOf('\x031\0'))],
  ])('is refused with %s', (_name, given) => {
    const reply = { ok: 1, cursor: given, operationTime: new Timestamp({ t: 5, i: 3 }) };
    expect(() => readCursorReply(reply)).toThrow(expect.objectContaining({ code: 'SOURCE_READ_FAILED' }));
  });
});
