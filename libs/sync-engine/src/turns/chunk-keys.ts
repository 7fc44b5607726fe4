import { maxClusterTime, type ClusterTime } from '@lockstep/core';
import type { KeyEvent } from '@lockstep/contracts';
import type { WorkBatch } from '../stream/coalesce.js';

/** Keys that are looked up and written together. */
export interface KeyChunk {
  /** Newest event per id, by collection. */
  readonly keys: ReadonlyMap<string, readonly KeyEvent[]>;
  /** `<collection>\u0000<id>` of every key. */
  readonly ids: ReadonlySet<string>;
  readonly newest: ClusterTime;
}

/** Cuts a work batch into chunks of at most `maxKeys` ids. No id is in two of them. */
export function chunkKeys(work: WorkBatch, maxKeys: number): KeyChunk[] {
  const chunks: KeyChunk[] = [];
  let keys = new Map<string, KeyEvent[]>();
  let ids = new Set<string>();
  let newest: ClusterTime = 0n;
  const close = (): void => {
    if (ids.size > 0) chunks.push({ keys, ids, newest });
    keys = new Map();
    ids = new Set();
    newest = 0n;
  };
  for (const [collection, events] of work.keys) {
    for (const [id, event] of events) {
      let list = keys.get(collection);
      if (list === undefined) keys.set(collection, (list = []));
      list.push(event);
      ids.add(`${collection}\u0000${id}`);
      newest = maxClusterTime(newest, event.clusterTime);
      if (ids.size >= maxKeys) close();
    }
  }
  close();
  return chunks;
}
