import { parseClusterTime, type Clock, type ClusterTime, type LockstepError } from '@lockstep/core';
import type { Connector, EventSink, OplogHeadroom, StoredPosition } from '@lockstep/contracts';
import type { PartitionLease } from '@lockstep/jobs';
import type { EngineSettings } from '../partition/engine-settings.js';
import type { WorkLedger } from '../progress/work-ledger.js';
import { conditionOf, type StatusBoard } from '../runner/status-board.js';
import type { Position } from '../stream/position.js';
import { headroomLevel, headroomMessage, type HeadroomLevel } from './headroom-decision.js';
import { headroomReading, isBelieved, lagReading, toldHeadroom, unknownHeadroom } from './headroom-reading.js';
import { OplogWatch, type HistorySource } from './oplog-watch.js';

/** Time between two tellings, milliseconds. */
const PULSE_MS = 1_000;
/** The estimate of a scan is believed once it was made for so long, milliseconds. */
const SCAN_SETTLED_MS = 30_000;

export interface HeadroomKeeperOptions {
  readonly connector: Connector;
  readonly lease: Pick<PartitionLease, 'partition' | 'state' | 'signal'>;
  readonly opener: { openHistory(connector: Connector): Promise<HistorySource> };
  readonly events: EventSink;
  readonly clock: Clock;
  readonly status: StatusBoard;
  readonly settings: Pick<EngineSettings, 'oplogLookMs'>;
}

/** A session at work. */
export interface AttendedSession {
  readonly source: HistorySource;
  readonly checkpoint: { readonly position: Position };
  /** Tells how far its stream is behind; false while it does not know. */
  tellLag(): boolean;
}

/**
 * Tells once a second what is left of the source's history for the position and for the scan, and how far the position
 * is behind, for as long as the partition is held: by what a session knows while there is one, else by the stored position
 * and looks of its own. What is known ages while the source cannot be read. Live figures are told with it.
 */
export class HeadroomKeeper {
  private readonly watch: OplogWatch;
  private session: AttendedSession | null = null;
  private timer: NodeJS.Timeout | null = null;
  private lag: HeadroomLevel = 'ample';
  private scan: HeadroomLevel = 'ample';
  private estimatedSinceMs: number | null = null;
  private hasTold = false;
  /** A position of which nothing is told. */
  private restsAt: StoredPosition | null = null;

  constructor(
    private readonly options: HeadroomKeeperOptions,
    private readonly ledger: WorkLedger,
  ) {
    const { opener, connector, clock, settings } = options;
    this.watch = new OplogWatch({
      open: () => opener.openHistory(connector),
      clock,
      lookMs: settings.oplogLookMs,
    });
  }

  /** The position may be lost soon: nothing but the stream is read until it has caught up. */
  get isShort(): boolean {
    return this.lag === 'critical';
  }

  start(): void {
    this.timer ??= setInterval(() => this.pulse(), PULSE_MS);
  }

  /** A session has what it needs: it knows better from now on. */
  attend(session: AttendedSession): void {
    this.session = session;
    this.restsAt = null;
    void this.watch.lend(session.source);
  }

  /** The session ends: nothing of it is used once this has resolved. */
  async leave(): Promise<void> {
    if (this.session === null) return;
    this.session = null;
    await this.watch.takeBack();
  }

  /** A session has failed. */
  async failed(error: LockstepError): Promise<void> {
    await this.watch.failed(error);
  }

  /**
   * The position is lost, or not one of this source: what was told of it is taken back, and nothing is told until there
   * is another one, or a session that works.
   */
  async rest(): Promise<void> {
    this.restsAt = this.options.lease.state.position;
    this.takeBack();
    await this.watch.closeOwn();
  }

  /** Ends it all: what was told last stands. */
  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.watch.closeOwn();
  }

  /** Tells what is left now; begins a look where one is due. */
  pulse(): void {
    if (this.options.lease.signal.aborted || this.isResting) return;
    const position = this.position();
    if (position === null) {
      this.takeBack();
    } else {
      this.hasTold = true;
      this.watch.lookIfDue();
      this.tellHeadroom(position);
      if (this.session?.tellLag() !== true) this.tellLag(position);
    }
    this.ledger.tell();
  }

  private get isResting(): boolean {
    const { position } = this.options.lease.state;
    return this.restsAt !== null && position?.h === this.restsAt.h && position.token === this.restsAt.token;
  }

  /** What would be resumed from; null while there is nothing to be lost. */
  private position(): ClusterTime | null {
    if (this.session !== null) return this.session.checkpoint.position.h;
    const stored = this.options.lease.state.position?.h;
    return stored === undefined ? null : (parseClusterTime(stored) ?? null);
  }

  private tellHeadroom(position: ClusterTime): void {
    const { oplog, trouble } = this.watch.sight;
    if (oplog === null) {
      if (trouble !== null) this.emitHeadroom(unknownHeadroom(trouble));
      return;
    }
    const ageMs = this.options.clock.monotonicMs() - oplog.atMs;
    const reading = headroomReading(oplog.value, position, ageMs);
    this.lag = headroomLevel(this.lag, reading.behindMs / reading.windowMs);
    this.scan = headroomLevel(this.scan, this.scanMs() / reading.windowMs);
    this.emitHeadroom(isBelieved(ageMs) ? toldHeadroom(reading) : unknownHeadroom(trouble ?? 'SOURCE_UNREACHABLE'));
    this.tellCondition();
  }

  private tellLag(position: ClusterTime): void {
    const { newest } = this.watch.sight;
    if (newest === null) return;
    this.emitLag(lagReading(newest.value, position, this.options.clock.monotonicMs() - newest.atMs));
  }

  /** How long the scan still takes, milliseconds; 0 where there is none, or nothing can be said yet. */
  private scanMs(): number {
    const { ledger } = this;
    const { clock } = this.options;
    const isScanning = this.session !== null && ledger.bulk !== null;
    const etaSeconds = isScanning ? ledger.meter('bulk_sync')?.progress(0).etaSeconds : null;
    if (etaSeconds === null || etaSeconds === undefined) {
      this.estimatedSinceMs = null;
      return 0;
    }
    this.estimatedSinceMs ??= clock.monotonicMs();
    return clock.monotonicMs() - this.estimatedSinceMs < SCAN_SETTLED_MS ? 0 : etaSeconds * 1_000;
  }

  private tellCondition(): void {
    const { status, clock } = this.options;
    const message = headroomMessage({ lag: this.lag, scan: this.scan });
    const nowMs = clock.nowMs();
    status.set('headroom', message === null ? [] : [conditionOf('HeadroomLow', 'SOURCE_HEADROOM_LOW', message, nowMs)]);
  }

  private takeBack(): void {
    if (!this.hasTold) return;
    this.hasTold = false;
    this.lag = 'ample';
    this.scan = 'ample';
    this.options.status.clear('headroom');
    this.emitHeadroom(null);
    this.emitLag(null);
  }

  private emitHeadroom(headroom: OplogHeadroom | null): void {
    const { connector, lease, events } = this.options;
    this.ledger.meter('stream_sync')?.headroom(headroom);
    events.emit({ type: 'headroom.measured', connectorId: connector.id, partition: lease.partition, headroom });
  }

  private emitLag(lagMs: number | null): void {
    const { connector, lease, events } = this.options;
    this.ledger.meter('stream_sync')?.lag(lagMs);
    events.emit({ type: 'lag.measured', connectorId: connector.id, partition: lease.partition, lagMs });
  }
}
