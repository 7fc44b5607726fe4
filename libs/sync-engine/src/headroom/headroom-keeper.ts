import type { OplogHeadroom, OplogReading } from '@lockstep/contracts';
import type { TurnContext } from '../partition/partition-context.js';
import { conditionOf } from '../runner/status-board.js';
import { headroomLevel, headroomMessage, type HeadroomLevel } from './headroom-decision.js';
import { headroomReading, toldHeadroom } from './headroom-reading.js';

/** The estimate of a scan is believed once it was made for so long, milliseconds. */
const SCAN_SETTLED_MS = 30_000;

/**
 * Looks now and then how far the source's history reaches back, and tells at every pulse what of it is left for the
 * position and for the scan. A look that fails is made again: whoever reads the source meets its trouble, too.
 */
export class HeadroomKeeper {
  private seen: { readonly oplog: OplogReading; readonly atMs: number } | null = null;
  private lookedAtMs = -Infinity;
  private looking: Promise<void> | null = null;
  private lag: HeadroomLevel = 'ample';
  private scan: HeadroomLevel = 'ample';
  private estimatedSinceMs: number | null = null;
  private readonly closing = new AbortController();
  private readonly signal: AbortSignal;

  constructor(
    private readonly context: TurnContext,
    signal: AbortSignal,
  ) {
    this.signal = AbortSignal.any([signal, this.closing.signal]);
  }

  /** The position may be lost soon: nothing but the stream is read until it has caught up. */
  get isShort(): boolean {
    return this.lag === 'critical';
  }

  /** Tells what is left now; begins a look where one is due. */
  pulse(): void {
    const { clock, settings } = this.context;
    if (this.looking === null && clock.monotonicMs() - this.lookedAtMs >= settings.oplogLookMs) {
      this.looking = this.look().finally(() => {
        this.looking = null;
      });
    }
    if (this.seen !== null) this.tell(this.seen.oplog, clock.monotonicMs() - this.seen.atMs);
  }

  /** Ends a look under way. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.looking;
  }

  private async look(): Promise<void> {
    const { clock, source } = this.context;
    this.lookedAtMs = clock.monotonicMs();
    const oplog = await source.readOplog(this.signal).catch(() => null);
    if (oplog !== null) this.seen = { oplog, atMs: clock.monotonicMs() };
  }

  private tell(oplog: OplogReading, ageMs: number): void {
    const { connector, events, lease, ledger, checkpoint } = this.context;
    let headroom: OplogHeadroom;
    if (oplog.kind === 'unreadable') {
      headroom = { headroomMs: null, windowMs: null, unknownCode: oplog.code };
    } else {
      const reading = headroomReading(oplog, checkpoint.position.h, ageMs);
      headroom = toldHeadroom(reading);
      this.lag = headroomLevel(this.lag, reading.behindMs / reading.windowMs);
      this.scan = headroomLevel(this.scan, this.scanMs() / reading.windowMs);
    }
    ledger.meter('stream_sync')?.headroom(headroom);
    events.emit({ type: 'headroom.measured', connectorId: connector.id, partition: lease.partition, headroom });
    this.tellCondition();
  }

  /** How long the scan still takes, milliseconds; 0 where there is none, or nothing can be said yet. */
  private scanMs(): number {
    const { ledger, clock } = this.context;
    const etaSeconds = ledger.bulk === null ? null : ledger.meter('bulk_sync')?.progress(0).etaSeconds;
    if (etaSeconds === null || etaSeconds === undefined) {
      this.estimatedSinceMs = null;
      return 0;
    }
    this.estimatedSinceMs ??= clock.monotonicMs();
    return clock.monotonicMs() - this.estimatedSinceMs < SCAN_SETTLED_MS ? 0 : etaSeconds * 1_000;
  }

  private tellCondition(): void {
    const { status, clock } = this.context;
    const message = headroomMessage({ lag: this.lag, scan: this.scan });
    const nowMs = clock.nowMs();
    status.set('headroom', message === null ? [] : [conditionOf('HeadroomLow', 'SOURCE_HEADROOM_LOW', message, nowMs)]);
  }
}
