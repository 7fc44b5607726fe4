import { documentVersion, maxClusterTime, reached, type ClusterTime } from '@lockstep/core';
import type { BindingScan, ScanPage } from '@lockstep/contracts';
import { withScan } from '../checkpoint/partition-transitions.js';
import { namespaceOf, type PartitionContext } from '../partition/partition-context.js';
import { OrderedPipeline } from '../stream/ordered-pipeline.js';
import { writeDocuments } from './write-documents.js';

/** How far a scan turn got. */
interface ScanReach {
  cursor: string | null;
  scannedCount: number;
  isScanned: boolean;
}

/**
 * Reads the next pages of one collection in `_id` order and writes them with V(H), a lower bound of the read
 * time. Ends after the turn's time, with everything acknowledged and the cursor saved.
 * @returns the cluster time of the turn's last read, which the stream has to reach before the next turn
 */
export async function scanTurn(
  context: PartitionContext,
  collection: string,
  signal: AbortSignal,
): Promise<ClusterTime> {
  const { source, clock, settings, checkpoint, ledger } = context;
  const scan = context.lease.state.bindings[collection]?.scan;
  const h = checkpoint.readsFrom;
  if (scan === null || scan === undefined) return h;

  const reach: ScanReach = { cursor: scan.cursor, scannedCount: scan.scannedCount, isScanned: false };
  const pipeline = new OrderedPipeline(settings.maxInFlight);
  const startedAt = clock.monotonicMs();
  let lastRead = h;
  let bytes = 0;
  let after = scan.cursor;
  try {
    for (;;) {
      const page = await source.scan({ collection, after, upTo: scan.upTo, atLeast: h, signal });
      reached('scan.read');
      lastRead = maxClusterTime(lastRead, page.batch.operationTime);
      bytes += page.batch.body.length;
      after = page.cursor;
      await pipeline.submit(
        new Set(),
        () => writePage(context, page, documentVersion(h), signal),
        () => {
          reach.cursor = page.cursor;
          reach.scannedCount += page.readCount;
          reach.isScanned = page.isLast;
          showProgress(context, collection, reach);
        },
      );
      await ledger.report();
      if (page.isLast || clock.monotonicMs() - startedAt >= settings.scanTurnMs) break;
    }
    await pipeline.drain();
    reached('scan.acknowledged');
  } catch (error) {
    await keepReach(context, { collection, pipeline, reach });
    throw error;
  }
  await checkpoint.save((state) => withScan(state, collection, (before) => advanced(before, reach)));
  reached('scan.saved');
  if (reach.isScanned) reached('scan.finished');
  context.events.emit({
    type: 'scan.turned',
    connectorId: context.connector.id,
    namespace: namespaceOf(context, collection),
    documents: reach.scannedCount - scan.scannedCount,
    bytes,
    durationMs: clock.monotonicMs() - startedAt,
  });
  return lastRead;
}

/** What is acknowledged when a turn is cut short is not read again; a lease that is lost refuses it by itself. */
async function keepReach(
  context: PartitionContext,
  cut: { readonly collection: string; readonly pipeline: OrderedPipeline; readonly reach: ScanReach },
): Promise<void> {
  // The turn has failed already, and says why.
  await cut.pipeline.drain().catch(() => undefined);
  await context.checkpoint
    .save((state) => withScan(state, cut.collection, (before) => advanced(before, cut.reach)))
    .catch(() => undefined);
}

function advanced(scan: BindingScan, reach: ScanReach): BindingScan {
  return { ...scan, ...reach };
}

async function writePage(
  context: PartitionContext,
  page: ScanPage,
  version: bigint,
  signal: AbortSignal,
): Promise<void> {
  await writeDocuments(context, { batches: [page.batch], version, countFor: 'bulk_sync', signal });
  reached('scan.written');
}

/** The bulk sync's progress is the sum over all bindings that have a scan. */
function showProgress(context: PartitionContext, collection: string, reach: ScanReach): void {
  let done = 0;
  let total: number | null = 0;
  for (const [name, { scan }] of Object.entries(context.lease.state.bindings)) {
    if (scan === null) continue;
    const scanned = name === collection ? reach.scannedCount : scan.scannedCount;
    done += scanned;
    total = total === null || scan.estimatedTotal === null ? null : total + Math.max(scan.estimatedTotal, scanned);
  }
  context.ledger.meter('bulk_sync')?.reach(done, total);
}
