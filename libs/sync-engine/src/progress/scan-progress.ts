import type { PartitionContext } from '../partition/partition-context.js';

/** How far the scan under way is, while the checkpoint is behind it. */
export interface ScanAhead {
  readonly collection: string;
  readonly scannedCount: number;
}

/** Shows how far the bulk sync is: the sum over all bindings that have a scan, as stored but for the one ahead. */
export function showScans({ lease, ledger }: PartitionContext, ahead: ScanAhead | null): void {
  const scans = Object.values(lease.state.bindings).flatMap(({ collection, scan }) =>
    scan === null ? [] : [{ ...scan, ...(ahead?.collection === collection ? ahead : {}) }],
  );
  if (scans.length === 0) return;
  let done = 0;
  let total: number | null = 0;
  for (const { scannedCount, estimatedTotal } of scans) {
    done += scannedCount;
    total = total === null || estimatedTotal === null ? null : total + Math.max(estimatedTotal, scannedCount);
  }
  ledger.meter('bulk_sync')?.reach(done, total);
}
