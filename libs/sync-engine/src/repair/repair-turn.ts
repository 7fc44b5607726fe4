import { documentVersion, maxClusterTime, reached, type ClusterTime } from '@lockstep/core';
import type { DocumentKey } from '@lockstep/contracts';
import type { MarkedLetter } from '@lockstep/elastic-sink';
import type { PartitionContext } from '../partition/partition-context.js';
import { writeDocuments } from '../turns/write-documents.js';
import { repairKeys, type RepairKey } from './repair-keys.js';

/** What a repair needs to know of the collections. */
export interface RepairPorts {
  isFollowed(collection: string): boolean;
  /** A document is not there. False: its collection is gone, and the target is kept as it is. */
  confirmCollection(collection: string, signal: AbortSignal): Promise<boolean>;
}

export interface RepairTurnOptions {
  readonly context: PartitionContext;
  readonly ports: RepairPorts;
  readonly letters: readonly MarkedLetter[];
  readonly signal: AbortSignal;
}

/** Letters that are read and settled together. */
const CHUNK_KEYS = 100;

/**
 * Reads the documents of dead letters again and writes their present state with V(T), T being a majority time
 * of now: like a scan turn of single documents. Newer data is never overwritten, since the stream writes it
 * with a higher version; position and checkpoint are not touched. Letters that are left over when the turn's
 * time is up keep their mark.
 * @returns the cluster time of the turn's last read, which the stream has to reach before the next turn; null
 * when nothing was read
 */
export async function repairTurn(options: RepairTurnOptions): Promise<ClusterTime | null> {
  const { context, ports, letters, signal } = options;
  const { source, clock, settings, checkpoint, repairs } = context;
  const { keys, untried } = repairKeys(letters, context.connector.config.source.database, (name) =>
    ports.isFollowed(name),
  );
  for (const { note, letters: left } of untried) await repairs.settle(left, note);
  if (keys.length === 0) return null;
  reached('repair.found');
  const startedAt = clock.monotonicMs();
  const time = maxClusterTime(await source.majorityTime(signal), checkpoint.readsFrom);
  let reach = time;
  for (let at = 0; at < keys.length && clock.monotonicMs() - startedAt < settings.scanTurnMs; at += CHUNK_KEYS) {
    reach = maxClusterTime(reach, await repairChunk(options, keys.slice(at, at + CHUNK_KEYS), time));
  }
  return reach;
}

async function repairChunk(
  { context, ports, signal }: RepairTurnOptions,
  keys: readonly RepairKey[],
  time: ClusterTime,
): Promise<ClusterTime> {
  const version = documentVersion(time);
  let lastRead = time;
  for (const [collection, own] of byCollection(keys)) {
    for await (const batch of context.source.lookUp({ collection, keys: own, atLeast: time, signal })) {
      reached('repair.read');
      lastRead = maxClusterTime(lastRead, batch.operationTime);
      const hasAbsent = batch.documents.some(({ operation }) => operation === 'delete');
      // When the collection was dropped meanwhile, its documents vanish without having been deleted.
      if (hasAbsent && !(await ports.confirmCollection(collection, signal))) continue;
      await writeDocuments(context, { batches: [batch], version, countFor: 'stream_sync', isRepair: true, signal });
    }
  }
  reached('repair.written');
  await context.repairs.settle(
    keys.map(({ letter }) => letter),
    null,
  );
  reached('repair.settled');
  return lastRead;
}

function byCollection(keys: readonly RepairKey[]): ReadonlyMap<string, readonly DocumentKey[]> {
  const grouped = new Map<string, DocumentKey[]>();
  for (const { collection, key } of keys) {
    const group = grouped.get(collection);
    if (group === undefined) grouped.set(collection, [key]);
    else group.push(key);
  }
  return grouped;
}
