import { maxClusterTime, type ClusterTime } from '@lockstep/core';
import type { ChangeBatch, KeyEvent, NamespaceEvent } from '@lockstep/contracts';
import type { Acknowledged } from './position.js';

/**
 * Changes that are looked up and written together. An id stands in it once, with its newest event: one
 * operation per id per bulk request.
 */
export interface WorkBatch {
  /** Newest event per id, by collection. */
  readonly keys: ReadonlyMap<string, ReadonlyMap<string, KeyEvent>>;
  /** Cluster time of the newest event; null when there is none. */
  readonly newest: ClusterTime | null;
  readonly eventCount: number;
  /** Where the position moves when everything is acknowledged; null when the batch ends inside a reply. */
  readonly acknowledged: Acknowledged | null;
  /** Comes after all keys; handled alone once they are acknowledged. */
  readonly namespaceEvent: NamespaceEvent | null;
}

/** Builds work batches from replies of the stream. */
export class WorkBatchBuilder {
  private readonly keys = new Map<string, Map<string, KeyEvent>>();
  private newest: ClusterTime | null = null;
  private eventCount = 0;
  private keyCount = 0;

  get size(): number {
    return this.keyCount;
  }

  add(event: KeyEvent): void {
    let ids = this.keys.get(event.collection);
    if (ids === undefined) {
      ids = new Map();
      this.keys.set(event.collection, ids);
    }
    if (!ids.has(event.key.id)) this.keyCount += 1;
    ids.set(event.key.id, event);
    this.eventCount += 1;
    this.newest = this.newest === null ? event.clusterTime : maxClusterTime(this.newest, event.clusterTime);
  }

  build(acknowledged: Acknowledged | null, namespaceEvent: NamespaceEvent | null): WorkBatch {
    const { keys, newest, eventCount } = this;
    return { keys, newest, eventCount, acknowledged, namespaceEvent };
  }
}

/**
 * Splits one or more replies, in their order, at namespace events: each of those ends its batch. The token
 * of a reply belongs to its last batch only, so that a checkpoint never passes an event not handled. A batch
 * is made when it is asked for: `isFollowed` knows what the namespace events before it have changed.
 */
export function* splitIntoWork(
  batches: readonly ChangeBatch[],
  isFollowed: (collection: string) => boolean,
): Generator<WorkBatch, void> {
  let builder = new WorkBatchBuilder();
  let newestChange: ClusterTime | null = null;
  for (const batch of batches) {
    for (const event of batch.events) {
      if (event.kind === 'key') {
        newestChange = event.clusterTime;
        if (isFollowed(event.collection)) builder.add(event);
      } else {
        yield builder.build(null, event);
        builder = new WorkBatchBuilder();
      }
    }
  }
  const last = batches.at(-1);
  if (last === undefined) return;
  const { token, tokenTime, operationTime } = last;
  const isInvalidated = last.events.some((event) => event.kind === 'namespace' && event.operation === 'invalidate');
  yield builder.build({ token, tokenTime, operationTime, isInvalidated, newestChange }, null);
}
