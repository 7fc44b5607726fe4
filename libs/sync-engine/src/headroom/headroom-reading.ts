import { clusterTimeSeconds, type ClusterTime, type ErrorCode } from '@lockstep/core';
import type { OplogHeadroom, OplogReading } from '@lockstep/contracts';

/** Where a position stands in the history that the source keeps. */
export interface HeadroomReading {
  /** Time that the oplog spans when it is full, at its average rate of writes, milliseconds; above 0. */
  readonly windowMs: number;
  /** How far the position is behind the source, by cluster times, milliseconds. */
  readonly behindMs: number;
}

/** An oplog that is nearly empty says little about its rate: no more is foreseen than this many times its length. */
const MIN_FULLNESS = 0.001;
const MINUTE_MS = 60_000;
/** From here on a headroom is told in whole minutes, so that an idle connector has no news every second. */
const COARSE_FROM_MS = 10 * MINUTE_MS;
/** What was seen longer ago is not told any more: the source may have written at any rate since. */
const BELIEVED_MS = 5 * MINUTE_MS;

/**
 * @param position what would be resumed from: everything up to it is acknowledged
 * @param ageMs how long ago the oplog was looked at
 */
export function headroomReading(
  oplog: Extract<OplogReading, { kind: 'known' }>,
  position: ClusterTime,
  ageMs: number,
): HeadroomReading {
  const lengthMs = Math.max(1, clusterTimeSeconds(oplog.newest) - clusterTimeSeconds(oplog.oldest)) * 1_000;
  const behindMs = (clusterTimeSeconds(oplog.newest) - clusterTimeSeconds(position)) * 1_000 + ageMs;
  return {
    windowMs: Math.round(lengthMs / Math.max(MIN_FULLNESS, oplog.fullness)),
    behindMs: Math.max(0, Math.round(behindMs)),
  };
}

/**
 * How far the position is behind the newest that the source has, milliseconds. Cluster times tell whole seconds: two of
 * them that differ by one can be a millisecond apart. While the source is silent it grows, and never looks good.
 */
export function lagReading(newest: ClusterTime, position: ClusterTime, ageMs: number): number {
  const behindMs = (clusterTimeSeconds(newest) - clusterTimeSeconds(position) - 1) * 1_000 + ageMs;
  return Math.max(0, Math.round(behindMs));
}

/** Whether what was seen so long ago still says what is left. */
export function isBelieved(ageMs: number): boolean {
  return ageMs <= BELIEVED_MS;
}

/** What is told where nothing is known. */
export function unknownHeadroom(unknownCode: ErrorCode): OplogHeadroom {
  return { headroomMs: null, windowMs: null, unknownCode };
}

/** What is told of a reading. */
export function toldHeadroom({ windowMs, behindMs }: HeadroomReading): OplogHeadroom {
  return { headroomMs: coarse(Math.max(0, windowMs - behindMs)), windowMs: coarse(windowMs), unknownCode: null };
}

function coarse(durationMs: number): number {
  const unitMs = durationMs >= COARSE_FROM_MS ? MINUTE_MS : 1_000;
  return Math.floor(durationMs / unitMs) * unitMs;
}
