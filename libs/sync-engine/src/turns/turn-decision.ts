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
  /** The brake holds its sweep until an operator confirms it. */
  readonly isHeld: boolean;
}

export interface TurnView {
  /** Cluster time up to which the stream is acknowledged in this session; null before the first batch. */
  readonly streamedTo: ClusterTime | null;
  /** What the stream has to reach before anything else is read: the end of the last scan or sweep turn. */
  readonly mustReach: ClusterTime | null;
  readonly scans: readonly DueScan[];
  /** A bulk sync is under way. */
  readonly isBulkDue: boolean;
  /** The source is about to forget our position: the stream goes before scans and sweeps until it has caught up. */
  readonly isHistoryShort: boolean;
}

/**
 * Turn-taking: after every scan or sweep turn the stream catches up with the last read of that turn, so that
 * a scan write and a stream write of one partition are never in flight together. What the brake holds waits;
 * the other sweeps and the stream go on.
 */
export function nextTurn(view: TurnView): Turn {
  if (view.mustReach !== null && (view.streamedTo === null || view.streamedTo < view.mustReach)) {
    return { kind: 'stream', until: view.mustReach };
  }
  const unscanned = view.scans.find((scan) => !scan.isScanned);
  const unswept = view.scans.filter((scan) => !scan.isSwept);
  if (view.isHistoryShort && (unscanned !== undefined || unswept.length > 0)) return { kind: 'follow' };
  if (unscanned !== undefined) return { kind: 'scan', collection: unscanned.collection };
  const next = unswept.find((scan) => !scan.isHeld);
  if (next !== undefined) return { kind: 'sweep', collection: next.collection };
  return view.isBulkDue && unswept.length === 0 ? { kind: 'finishBulk' } : { kind: 'follow' };
}
