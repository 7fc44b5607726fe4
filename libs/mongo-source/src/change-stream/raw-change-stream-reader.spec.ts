import { BSON, Long } from 'mongodb';
import type { CursorReply } from '../raw-reply/cursor-reply.js';
import type { RawCursor } from '../raw-reply/raw-cursor.js';
import { RawChangeStreamReader } from './raw-change-stream-reader.js';

/** An empty reply whose token is of this second. */
function emptyReply(second: number): CursorReply {
  const token = Buffer.from(BSON.serialize({ _data: `82${second.toString(16).padStart(8, '0')}00000001` }));
  return {
    ...{ cursorId: Long.fromNumber(7), source: Buffer.alloc(0), bounds: [] },
    ...{ postBatchResumeToken: token, operationTime: BigInt(second) << 32n },
  };
}

function readerOf(...seconds: number[]): RawChangeStreamReader {
  const replies = seconds.map(emptyReply);
  const cursor: Pick<RawCursor, 'isOpen' | 'getMore' | 'close'> = {
    isOpen: true,
    getMore: () => Promise.resolve(replies.shift()!),
    close: () => Promise.resolve(),
  };
  const followed = { database: 'shop', collections: new Set(['orders']) };
  const events = { emit: () => undefined };
  return new RawChangeStreamReader({ cursor: cursor as RawCursor, followed, events, connectorId: 'con_1' });
}

describe('a reader of a change stream', () => {
  const { signal } = new AbortController();

  it('takes tokens that stand still or go on', async () => {
    const reader = readerOf(5, 5, 6);
    const times = [];
    for (let i = 0; i < 3; i += 1) times.push((await reader.next(1, signal)).tokenTime >> 32n);
    expect(times).toEqual([5n, 5n, 6n]);
  });

  it('gives a stream up whose token goes backwards', async () => {
    const reader = readerOf(6, 5);
    await reader.next(1, signal);
    await expect(reader.next(1, signal)).rejects.toMatchObject({ code: 'SOURCE_CURSOR_LOST' });
  });
});
