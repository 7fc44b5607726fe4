import { bindingIn } from '@lockstep/contracts';
import type { TurnContext } from '../partition/partition-context.js';

/** How far the scan under way is, while the checkpoint is behind it. */
export interface ScanAhead {
  readonly collection: string;
  readonly scannedCount: number;
}

/**
 * Shows how far the bulk sync is: the sum over all bindings that have a scan, as stored but for the one ahead, with what
 * the other partitions have read.
 */
export function showScans({ lease, ledger }: TurnContext, ahead: ScanAhead | null): void {
  const scans = Object.values(lease.state.bindings).flatMap(({ collection, scan, scanNumber }) =>
    scan === null ? [] : [{ ...scan, collection, scanNumber, ...(ahead?.collection === collection ? ahead : {}) }],
  );
  if (scans.length === 0) return;
  let done = 0;
  let total: number | null = 0;
  for (const { collection, scanNumber, scannedCount, estimatedTotal } of scans) {
    const others = ledger.shares.map((share) => {
      const part = bindingIn(share, collection);
      return part?.scanNumber === scanNumber ? (part?.scan?.scannedCount ?? 0) : 0;
    });
    const read = others.reduce((sum, count) => sum + count, scannedCount);
    done += read;
    total = total === null || estimatedTotal === null ? null : total + Math.max(estimatedTotal, read);
  }
  ledger.meter('bulk_sync')?.reach(done, total);
}
