import { clusterTimeSeconds, ERROR_CATALOGUE, LockstepError, reached, type ErrorCode } from '@lockstep/core';
import type { ChangeStreamReader, NamespaceEvent, OpenStreamOptions, StreamStart } from '@lockstep/contracts';
import { LagGauge } from '../progress/lag-gauge.js';
import { ChangePump } from '../stream/change-pump.js';
import { conditionOf } from '../runner/status-board.js';
import { streamStart } from '../stream/position.js';
import { StallGuard, type Stall } from '../stream/stall-guard.js';
import { StreamTurn } from '../turns/stream-turn.js';
import type { FollowedBindings } from './followed-bindings.js';
import { namespaceOf, type TurnContext } from './partition-context.js';

/** The change stream of a session: opened at the position, and what its namespace events lead to. */
export class SessionStream {
  private pump: ChangePump | null = null;
  private current: StreamTurn | null = null;

  constructor(
    private readonly context: TurnContext,
    private readonly bindings: FollowedBindings,
    private readonly signal: AbortSignal,
  ) {}

  /** The open stream. @throws LockstepError INTERNAL_ERROR when none is open */
  get turns(): StreamTurn {
    if (this.current === null || this.pump === null) throw new LockstepError('INTERNAL_ERROR', 'No stream is open');
    return this.current;
  }

  /** Tells how far the target is behind the source now; false while nobody knows. */
  tellLag(): boolean {
    return this.current?.tellLag() ?? false;
  }

  /** Opens the stream at the position, anew when one is open: the collections may be others. */
  async open(): Promise<void> {
    const { context, bindings } = this;
    await this.close();
    const followed = { collections: bindings.names, ranges: bindings.ranges };
    const reader = await this.guarded(streamStart(context.checkpoint.position), followed);
    reached('stream.opened');
    const { maxQueuedEvents: maxEvents, maxQueuedBytes: maxBytes } = context.settings;
    const lag = new LagGauge();
    this.pump = new ChangePump(reader, {
      maxEvents,
      maxBytes,
      maxWaitMs: 1_000,
      onReply: (batch) => lag.arrived(batch, context.clock.monotonicMs()),
    });
    this.current = new StreamTurn(context, this.pump, {
      lag,
      isFollowed: (collection) => bindings.isFollowed(collection),
      confirmCollection: (collection) => bindings.confirm(collection),
      onNamespaceEvent: (event) => this.onNamespaceEvent(event),
    });
    this.pump.start();
  }

  async close(): Promise<void> {
    const pump = this.pump;
    this.pump = null;
    await pump?.stop();
    this.context.status.clear('stream');
  }

  /** A stream that is opened anew, by itself and alone, when it stalls. */
  private async guarded(
    start: StreamStart,
    followed: Pick<OpenStreamOptions, 'collections' | 'ranges'>,
  ): Promise<ChangeStreamReader> {
    const { source, clock, settings, checkpoint, status } = this.context;
    const reader = await source.openStream({ ...followed, start, signal: this.signal });
    return new StallGuard(reader, {
      open: (token, signal) => {
        // The token of an invalidate can be gone on from by `startAfter` only.
        const isAtStart = token === null || (start.kind === 'startAfter' && start.token === token);
        const again: StreamStart = isAtStart ? start : { kind: 'resumeAfter', token };
        return source.openStream({ ...followed, start: again, signal });
      },
      sourceTime: (signal) => source.majorityTime(signal),
      newestTime: (signal) => source.newestTime(signal),
      startTime: checkpoint.position.h,
      patienceMs: settings.streamStallMs,
      clock,
      onStall: (stall) => this.tellStall(stall),
      onMajorityStall: () => this.tellWait('MajorityStalled', 'SOURCE_MAJORITY_STALLED'),
      onRecovery: () => status.clear('stream'),
    });
  }

  private tellStall({ stillMs, restarts }: Stall): void {
    const { events, connector } = this.context;
    events.emit({ type: 'stream.stalled', connectorId: connector.id, stillMs, restarts });
    this.tellWait('StreamStalled', 'SOURCE_STREAM_STALLED');
  }

  private tellWait(reason: string, code: ErrorCode): void {
    const { status, clock } = this.context;
    status.set('stream', [conditionOf(reason, code, ERROR_CATALOGUE[code].title, clock.nowMs())]);
  }

  private async onNamespaceEvent(event: NamespaceEvent): Promise<void> {
    const { context, bindings } = this;
    reached('namespace.reached');
    const affected = event.collection === null ? bindings.names : this.affectedBy(event);
    for (const collection of affected) await bindings.suspend(collection, event.operation, { isTold: true });
    context.events.emit({
      type: 'change.applied',
      change: {
        operation: event.operation === 'dropDatabase' ? 'drop' : event.operation,
        connectorId: context.connector.id,
        namespace:
          event.collection === null ? context.connector.config.source.database : namespaceOf(context, event.collection),
        id: null,
        at: new Date(clusterTimeSeconds(event.clusterTime) * 1_000).toISOString(),
      },
    });
  }

  /** A rename touches the collection that goes away and the one that it lands on. */
  private affectedBy(event: NamespaceEvent): readonly string[] {
    const landing = event.renamedTo?.slice(this.context.connector.config.source.database.length + 1);
    return this.bindings.names.filter((name) => name === event.collection || name === landing);
  }
}
