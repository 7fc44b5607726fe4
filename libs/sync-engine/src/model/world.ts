import { clusterTime, type ClusterTime } from '@lockstep/core';

/** Second 0 of the model: the earliest cluster time that a version can be made of is 2^30 s. */
const EPOCH_SECONDS = 2 ** 30 + 1;

export const timeOf = (tick: number): ClusterTime => clusterTime(EPOCH_SECONDS + tick, 0);

export const tickOf = (time: ClusterTime): number => Number(time >> 32n) - EPOCH_SECONDS;

/** What one document is: a content, or null while it does not exist. */
export type Content = number | null;

/** What happened to the one document of the model; `tick` is its cluster time. Contents are never used twice. */
export interface SourceChange {
  readonly tick: number;
  readonly content: Content;
}

/** State of the source as of a tick, majority committed. */
export function contentAt(history: readonly SourceChange[], tick: number): Content {
  let content: Content = null;
  for (const change of history) if (change.tick <= tick) content = change.content;
  return content;
}

/** The document in Elasticsearch. A tombstone is a version without content. */
export interface IndexEntry {
  readonly version: bigint;
  readonly content: Content;
}

export const NOTHING: IndexEntry = { version: -1n, content: null };

/** One item of a bulk request. */
export interface Write {
  readonly version: bigint;
  readonly content: Content;
  readonly from: 'scan' | 'stream' | 'sweep';
}

/** How Elasticsearch judges versions; all but `external_gte` are there to be proven wrong. */
export type VersionType = 'external_gte' | 'external' | 'none';

export function applyWrite(entry: IndexEntry, write: Write, versionType: VersionType): IndexEntry {
  const isTaken =
    versionType === 'none' ||
    (versionType === 'external_gte' ? write.version >= entry.version : write.version > entry.version);
  return isTaken ? { version: write.version, content: write.content } : entry;
}
