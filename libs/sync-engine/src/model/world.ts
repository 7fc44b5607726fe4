import { clusterTime, type ClusterTime } from '@lockstep/core';

/** Second 0 of the model: the earliest cluster time that a version can be made of is 2^30 s. */
const EPOCH_SECONDS = 2 ** 30 + 1;

export const timeOf = (tick: number): ClusterTime => clusterTime(EPOCH_SECONDS + tick, 0);

export const tickOf = (time: ClusterTime): number => Number(time >> 32n) - EPOCH_SECONDS;

/** What one document is: a content, or null while it does not exist. */
export type Content = number | null;

const REFUSED_FROM = 1_000;

/** The content of a tick that the index refuses. */
export const refusedContent = (tick: number): number => REFUSED_FROM + tick;

export const isRefused = (content: Content): boolean => content !== null && content >= REFUSED_FROM;

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

/** The dead letter of the document: the version that it speaks about, and whether it is open. */
export interface Letter {
  readonly version: bigint;
  readonly isOpen: boolean;
}

/** A dead letter that is to be stored or closed, behind a write that was refused or taken. */
export interface LetterChange extends Letter {
  readonly from: Write['from'];
}

/** Stores or closes a dead letter, unless it speaks about a newer state. */
export function applyLetterChange(letter: Letter | null, { version, isOpen }: LetterChange): Letter | null {
  if (letter !== null && letter.version > version) return letter;
  if (isOpen) return { version, isOpen };
  return letter === null ? null : { ...letter, isOpen };
}

/** How Elasticsearch judges versions; all but `external_gte` are there to be proven wrong. */
export type VersionType = 'external_gte' | 'external' | 'none';

/** A refused content leaves nothing behind: what is older is removed. */
export function applyWrite(entry: IndexEntry, write: Write, versionType: VersionType): IndexEntry {
  const isTaken =
    versionType === 'none' ||
    (versionType === 'external_gte' ? write.version >= entry.version : write.version > entry.version);
  return isTaken ? { version: write.version, content: isRefused(write.content) ? null : write.content } : entry;
}
