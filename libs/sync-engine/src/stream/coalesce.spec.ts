import { clusterTime } from '@lockstep/core';
import type { ChangeBatch, ChangeEvent, ChangeOperation } from '@lockstep/contracts';
import { splitIntoWork, type WorkBatch } from './coalesce.js';
import { chunkKeys } from '../turns/chunk-keys.js';

const at = (increment: number): bigint => clusterTime(1_700_000_000, increment);

const key = (id: string, increment: number, operation: ChangeOperation = 'update', collection = 'c'): ChangeEvent => ({
  kind: 'key',
  operation,
  collection,
  key: { id, element: Buffer.alloc(0) },
  clusterTime: at(increment),
});

const namespace = (operation: 'drop' | 'invalidate', increment: number): ChangeEvent => ({
  kind: 'namespace',
  operation,
  collection: 'c',
  renamedTo: null,
  clusterTime: at(increment),
});

const batch = (token: string, ...events: ChangeEvent[]): ChangeBatch => ({
  events,
  token,
  tokenTime: at(100),
  operationTime: at(100),
  isEnd: false,
  byteLength: 10,
});

const all = (): boolean => true;

const split = (...asked: Parameters<typeof splitIntoWork>): WorkBatch[] => [...splitIntoWork(...asked)];

describe('work batches', () => {
  it('hold one id once, with its newest event, and end at the last token', () => {
    const work = split([batch('t1', key('a', 1, 'insert'), key('b', 2)), batch('t2', key('a', 3, 'delete'))], all);
    expect(work).toHaveLength(1);
    expect(work[0]?.eventCount).toBe(3);
    expect(work[0]?.keys.get('c')?.get('a')?.operation).toBe('delete');
    expect(work[0]?.newest).toBe(at(3));
    expect(work[0]?.acknowledged?.token).toBe('t2');
  });

  it('end at a namespace event without moving the position', () => {
    const work = split([batch('t', key('a', 1), namespace('drop', 2), key('b', 3))], all);
    expect(work.map(({ namespaceEvent }) => namespaceEvent?.operation ?? null)).toEqual(['drop', null]);
    expect(work.map(({ acknowledged }) => acknowledged?.token ?? null)).toEqual([null, 't']);
    expect([...(work[0]?.keys.get('c')?.keys() ?? [])]).toEqual(['a']);
    expect([...(work[1]?.keys.get('c')?.keys() ?? [])]).toEqual(['b']);
  });

  it('leave out what is no longer followed behind a namespace event of the same reply', () => {
    let isDropped = false;
    const ids: string[] = [];
    for (const work of splitIntoWork([batch('t', key('a', 1), namespace('drop', 2), key('b', 3))], () => !isDropped)) {
      ids.push(...(work.keys.get('c')?.keys() ?? []));
      if (work.namespaceEvent !== null) isDropped = true;
    }
    expect(ids).toEqual(['a']);
  });

  it('remember that the stream was invalidated', () => {
    expect(split([batch('t', namespace('invalidate', 2))], all).at(-1)?.acknowledged?.isInvalidated).toBe(true);
    expect(split([batch('t', key('a', 1))], all).at(-1)?.acknowledged?.isInvalidated).toBe(false);
  });

  it('remember the newest change of a document, whichever batch it came in', () => {
    const newest = (batches: readonly ChangeBatch[]) => split(batches, all).at(-1)?.acknowledged?.newestChange;
    expect(newest([batch('t', key('a', 1), key('b', 2), namespace('drop', 3))])).toBe(at(2));
    expect(newest([batch('t', namespace('drop', 3))])).toBeNull();
  });

  it('leave out what is not followed but move the position past it', () => {
    const work = split([batch('t', key('a', 1))], () => false);
    expect(work[0]?.keys.size).toBe(0);
    expect(work[0]?.acknowledged?.token).toBe('t');
  });

  it('are nothing without a reply', () => {
    expect(split([], all)).toEqual([]);
  });
});

describe('key chunks', () => {
  it('hold every id once and know their newest event', () => {
    const events = [1, 2, 3, 4, 5].map((n) => key(`id${n}`, n, 'update', n % 2 === 0 ? 'even' : 'odd'));
    const [work] = split([batch('t', ...events)], all);
    const chunks = chunkKeys(work!, 2);
    expect(chunks.map(({ ids }) => ids.size)).toEqual([2, 2, 1]);
    expect(new Set(chunks.flatMap(({ ids }) => [...ids])).size).toBe(5);
    for (const chunk of chunks) {
      const times = [...chunk.keys.values()].flat().map((event) => event.clusterTime);
      expect(chunk.newest).toBe(times.reduce((a, b) => (a > b ? a : b)));
    }
  });
});
