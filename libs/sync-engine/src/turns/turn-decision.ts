import type { ClusterTime } from '@lockstep/core';

/** What the partition does next. */
export type Turn =
  | { readonly kind: 'stream'; readonly until: ClusterTime }
  | { readonly kind: 'scan'; readonly collection: string }
  | { readonly kind: 'sweep'; readonly collection: string }
  | { readonly kind: 'finishBulk' }
  | { readonly kind: 'follow' };

export interface DueScan {
  readonly collection: string;
  readonly isScanned: boolean;
  readonly isSwept: boolean;
}

export interface TurnView {
  /** Cluster time up to which the stream is acknowledged in this session; null before the first batch. */
  readonly streamedTo: ClusterTime | null;
  /** What the stream has to reach before anything else is read: the end of the last scan or sweep turn. */
  readonly mustReach: ClusterTime | null;
  readonly scans: readonly DueScan[];
  /** A bulk sync is under way. */
  readonly isBulkDue: boolean;
  /** The removal waits for an operator: sweeping pauses, streaming goes on. */
  readonly isBraked: boolean;
  /** The source is about to forget our position: the stream goes before scans and sweeps until it has caught up. */
  readonly isHistoryShort: boolean;
}

/**
 * Turn-taking: after every scan or sweep turn the stream catches up with the last read of that turn, so that
 * a scan write and a stream write of one partition are never in flight together.
 */
export function nextTurn(view: TurnView): Turn {
  if (view.mustReach !== null && (view.streamedTo === null || view.streamedTo < view.mustReach)) {
    return { kind: 'stream', until: view.mustReach };
  }
  const unscanned = view.scans.find((scan) => !scan.isScanned);
  const unswept = view.scans.find((scan) => !scan.isSwept);
  if (view.isHistoryShort && (unscanned !== undefined || unswept !== undefined)) return { kind: 'follow' };
  if (unscanned !== undefined) return { kind: 'scan', collection: unscanned.collection };
  if (unswept !== undefined)
    return view.isBraked ? { kind: 'follow' } : { kind: 'sweep', collection: unswept.collection };
  return view.isBulkDue ? { kind: 'finishBulk' } : { kind: 'follow' };
}
