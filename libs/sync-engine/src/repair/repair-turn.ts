import { maxClusterTime, reached, type ClusterTime } from '@lockstep/core';
import type { DocumentKey } from '@lockstep/contracts';
import type { MarkedLetter } from '@lockstep/elastic-sink';
import type { TurnContext } from '../partition/partition-context.js';
import { withWork, type JobWork } from '../progress/job-figures.js';
import { scanBounds } from '../turns/read-bounds.js';
import { writeDocuments } from '../turns/write-documents.js';
import { NOT_FOLLOWED, repairKeys, type RepairKey } from './repair-keys.js';

/** What a repair needs to know of the collections. */
export interface RepairPorts {
  isFollowed(collection: string): boolean;
  /** A document is not there. False: its collection is gone, and the target is kept as it is. */
  confirmCollection(collection: string, signal: AbortSignal): Promise<boolean>;
}

export interface RepairTurnOptions {
  readonly context: TurnContext;
  readonly ports: RepairPorts;
  /** Of the letters that are to be tried. */
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
}

export interface RepairOutcome {
  /** What the stream has to reach before the next turn; null when nothing was read. */
  readonly reach: ClusterTime | null;
  /** False when the turn's time was up before all letters were tried: the others keep their mark. */
  readonly isComplete: boolean;
}

/** Letters that are read and settled together. */
const CHUNK_LETTERS = 500;

/**
 * Reads the documents of dead letters again and writes their present state with V(T), T being a majority time
 * of now: like a scan turn of single documents. Newer data is never overwritten, since the stream writes it
 * with a higher version; the position is not touched.
 */
export async function repairTurn(options: RepairTurnOptions): Promise<RepairOutcome> {
  const { context, ids, signal } = options;
  const { source, clock, settings, checkpoint } = context;
  const startedAt = clock.monotonicMs();
  const time = maxClusterTime(await source.majorityTime(signal), checkpoint.readsFrom);
  let reach: ClusterTime | null = null;
  for (let at = 0; at < ids.length; at += CHUNK_LETTERS) {
    if (at > 0 && clock.monotonicMs() - startedAt >= settings.scanTurnMs) return { reach, isComplete: false };
    const keys = await repairable(options, ids.slice(at, at + CHUNK_LETTERS));
    if (keys.length > 0) reach = maxClusterTime(reach ?? time, await repairChunk(options, keys, time));
  }
  return { reach, isComplete: true };
}

/** Settles the letters that cannot be tried. @returns the others */
async function repairable(
  { context, ports }: RepairTurnOptions,
  ids: readonly string[],
): Promise<readonly RepairKey[]> {
  const { repairs, connector } = context;
  const letters = await repairs.read(ids);
  const { keys, untried } = repairKeys(letters, connector.config.source.database, (name) => ports.isFollowed(name));
  for (const { note, letters: left } of untried) await repairs.settle(left, note);
  return keys;
}

async function repairChunk(
  { context, ports, signal }: RepairTurnOptions,
  keys: readonly RepairKey[],
  time: ClusterTime,
): Promise<ClusterTime> {
  reached('repair.found');
  const { atLeast, version } = scanBounds(time);
  const works: JobWork[] = [];
  const gone = new Set<string>();
  let lastRead = time;
  for (const [collection, own] of byCollection(keys)) {
    for await (const batch of context.source.lookUp({ collection, keys: own, atLeast, signal })) {
      reached('repair.read');
      lastRead = maxClusterTime(lastRead, batch.operationTime);
      const hasAbsent = batch.documents.some(({ operation }) => operation === 'delete');
      // When the collection was dropped meanwhile, its documents vanish without having been deleted.
      if (hasAbsent && !(await ports.confirmCollection(collection, signal))) {
        gone.add(collection);
        break;
      }
      const write = { batches: [batch], version, countFor: 'stream_sync', isRepair: true, signal } as const;
      works.push(...(await writeDocuments(context, write)));
    }
  }
  reached('repair.written');
  await context.checkpoint.save((state) => works.reduce(withWork, state));
  await settle(context, keys, gone);
  reached('repair.settled');
  return lastRead;
}

async function settle({ repairs }: TurnContext, keys: readonly RepairKey[], gone: ReadonlySet<string>): Promise<void> {
  const lettersOf = (isGone: boolean): readonly MarkedLetter[] =>
    keys.filter(({ collection }) => gone.has(collection) === isGone).map(({ letter }) => letter);
  await repairs.settle(lettersOf(false), null);
  await repairs.settle(lettersOf(true), NOT_FOLLOWED);
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
