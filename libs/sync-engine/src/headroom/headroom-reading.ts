import { clusterTimeSeconds, type ClusterTime } from '@lockstep/core';
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

/** What is told of a reading. */
export function toldHeadroom({ windowMs, behindMs }: HeadroomReading): OplogHeadroom {
  return { headroomMs: coarse(Math.max(0, windowMs - behindMs)), windowMs: coarse(windowMs), unknownCode: null };
}

function coarse(durationMs: number): number {
  const unitMs = durationMs >= COARSE_FROM_MS ? MINUTE_MS : 1_000;
  return Math.floor(durationMs / unitMs) * unitMs;
}
