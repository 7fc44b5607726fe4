import { maxClusterTime, reached, type ClusterTime } from '@lockstep/core';
import { bindingIn, type PartitionState, type ScanPage } from '@lockstep/contracts';
import { withScan } from '../checkpoint/partition-transitions.js';
import { namespaceOf, type TurnContext } from '../partition/partition-context.js';
import { withWork, type JobWork } from '../progress/job-figures.js';
import { showScans } from '../progress/scan-progress.js';
import { OrderedPipeline } from '../stream/ordered-pipeline.js';
import { scanBounds } from './read-bounds.js';
import { writeDocuments } from './write-documents.js';

/** How far a scan turn got. */
interface ScanReach {
  cursor: string | null;
  scannedCount: number;
  isScanned: boolean;
}

/** What a scan turn has done so far, all of it acknowledged. */
interface ScanYield {
  readonly collection: string;
  readonly reach: ScanReach;
  readonly works: JobWork[];
}

/**
 * Reads the next pages of one collection in `_id` order and writes them with V(H), a lower bound of the read
 * time. Ends after the turn's time, with everything acknowledged and the cursor saved.
 * @returns the cluster time of the turn's last read, which the stream has to reach before the next turn
 */
export async function scanTurn(context: TurnContext, collection: string, signal: AbortSignal): Promise<ClusterTime> {
  const { source, clock, settings, checkpoint, ledger } = context;
  const { scan, range } = bindingIn(context.lease.state, collection) ?? {};
  const { atLeast, version } = scanBounds(checkpoint.readsFrom);
  if (scan === null || scan === undefined) return atLeast;

  const reach: ScanReach = { cursor: scan.cursor, scannedCount: scan.scannedCount, isScanned: false };
  const done: ScanYield = { collection, reach, works: [] };
  const pipeline = new OrderedPipeline(settings.maxInFlight);
  const startedAt = clock.monotonicMs();
  let lastRead = atLeast;
  let bytes = 0;
  let after = scan.cursor;
  try {
    for (;;) {
      const page = await source.scan({
        collection,
        after,
        upTo: scan.upTo,
        ...(range === undefined ? {} : { range }),
        atLeast,
        signal,
      });
      reached('scan.read');
      lastRead = maxClusterTime(lastRead, page.batch.operationTime);
      bytes += page.batch.body.length;
      after = page.cursor;
      await pipeline.submit(
        new Set(),
        () => writePage(context, page, version, signal),
        (works) => {
          done.works.push(...works);
          reach.cursor = page.cursor;
          reach.scannedCount += page.readCount;
          reach.isScanned = page.isLast;
          showScans(context, { collection, scannedCount: reach.scannedCount });
        },
      );
      await ledger.report();
      if (page.isLast || clock.monotonicMs() - startedAt >= settings.scanTurnMs) break;
    }
    await pipeline.drain();
    reached('scan.acknowledged');
  } catch (error) {
    await keep(context, pipeline, done);
    throw error;
  }
  await checkpoint.save((state) => withYield(state, done));
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
async function keep(context: TurnContext, pipeline: OrderedPipeline, done: ScanYield): Promise<void> {
  // The turn has failed already, and says why.
  await pipeline.drain().catch(() => undefined);
  await context.checkpoint.save((state) => withYield(state, done)).catch(() => undefined);
}

function withYield(state: PartitionState, { collection, reach, works }: ScanYield): PartitionState {
  return works.reduce(
    withWork,
    withScan(state, collection, (before) => ({ ...before, ...reach })),
  );
}

async function writePage(
  context: TurnContext,
  page: ScanPage,
  version: bigint,
  signal: AbortSignal,
): Promise<readonly JobWork[]> {
  const works = await writeDocuments(context, { batches: [page.batch], version, countFor: 'bulk_sync', signal });
  reached('scan.written');
  return works;
}
