import { documentVersion, maxClusterTime, type ClusterTime } from '@lockstep/core';

/**
 * What makes writes of several readers agree: a document is read as of some time that is not before `atLeast`, and written
 * with the version of that bound. So the newer of two versions has never seen an older state than the other one, whenever
 * either was read. The model check searches these functions.
 */
export interface ReadBounds {
  /** No reading may reflect the source as of an earlier time. */
  readonly atLeast: ClusterTime;
  /** What is read is written with it. */
  readonly version: bigint;
}

/**
 * How new every read of a session is at least.
 * @param h the position's lower bound
 * @param floor majority time at the session's beginning
 */
export function sessionBound(h: ClusterTime, floor: ClusterTime): ClusterTime {
  return maxClusterTime(h, floor);
}

/** Of a page of a scan, or of a look whether documents are gone. @param bound of the session */
export function scanBounds(bound: ClusterTime): ReadBounds {
  return { atLeast: bound, version: documentVersion(bound) };
}

/** Of a look-up of changed documents. @param newest cluster time of the newest of their changes */
export function lookUpBounds(newest: ClusterTime, bound: ClusterTime): ReadBounds {
  return scanBounds(maxClusterTime(newest, bound));
}
