import {
  clusterTimeSeconds,
  ERROR_CATALOGUE,
  LockstepError,
  sleep,
  throwIfAborted,
  type ClusterTime,
} from '@lockstep/core';
import type { Condition, Job, NamespaceEvent } from '@lockstep/contracts';
import {
  isInitialSyncDue,
  withCanceledScans,
  withIdentity,
  withoutScans,
  withResync,
  withScan,
} from '../checkpoint/partition-transitions.js';
import { LagGauge } from '../progress/lag-gauge.js';
import { conditionOf } from '../runner/status-board.js';
import { RepairDesk } from '../repair/repair-desk.js';
import { ChangePump } from '../stream/change-pump.js';
import { initialPosition, streamStart } from '../stream/position.js';
import { Sweep, type SweepOutcome } from '../sweep/sweep.js';
import { scanTurn } from '../turns/scan-turn.js';
import { StreamTurn } from '../turns/stream-turn.js';
import { nextTurn, type Turn } from '../turns/turn-decision.js';
import { BindingKeeper, rulesHash } from './binding-keeper.js';
import { namespaceOf, type PartitionContext } from './partition-context.js';
import type { SessionInbox } from './session-inbox.js';

const WAIT_FOR_COLLECTIONS_MS = 1_000;

/** Time between two tellings of live figures, milliseconds. */
const PULSE_MS = 1_000;

/**
 * One life of a partition between opening its change stream and the first error or stop: takes turns until
 * it is told to stop.
 */
export class PartitionSession {
  private readonly bindings: BindingKeeper;
  private readonly repairs: RepairDesk;
  private pump: ChangePump | null = null;
  private stream: StreamTurn | null = null;
  private mustReach: ClusterTime | null = null;
  private asked: Job | null = null;
  private sweep: { readonly collection: string; readonly steps: AsyncGenerator<ClusterTime, SweepOutcome> } | null =
    null;
  private isBraked = false;

  constructor(
    private readonly context: PartitionContext,
    private readonly inbox: SessionInbox,
    private readonly signal: AbortSignal,
  ) {
    this.bindings = new BindingKeeper(context, signal);
    this.repairs = new RepairDesk(context, {
      isFollowed: (collection) => this.bindings.isFollowed(collection),
      confirmCollection: (collection) => this.bindings.confirm(collection),
    });
  }

  /** Runs until the signal is aborted. @throws LockstepError what ended the session */
  async run(): Promise<never> {
    const pulse = setInterval(() => this.tellPulse(), PULSE_MS);
    try {
      await this.prepare();
      for (;;) {
        throwIfAborted(this.signal);
        await this.lookAround();
        await this.takeTurn();
      }
    } finally {
      clearInterval(pulse);
      await this.closeStream();
      await this.dropSweep().catch(() => undefined);
      // What is acknowledged may be saved whatever ended the session; a lost lease refuses it by itself.
      await this.context.checkpoint.save().catch(() => undefined);
    }
  }

  /** Figures go on being told while a turn waits: for a target that takes no writes, the lag grows. */
  private tellPulse(): void {
    this.stream?.tellLag();
    this.context.ledger.tell();
  }

  private async prepare(): Promise<void> {
    const { context, signal, bindings } = this;
    await context.sink.check(signal);
    await this.bindIdentity();
    await bindings.findTargets();
    await context.ledger.load();
    await this.startJobs();
    context.status.clear('session', 'sink');
    await bindings.refresh();
    if (bindings.names.length === 0) await this.awaitCollections();
    await context.checkpoint.save();
    await this.openStream();
    // A scan that another session began: the stream first passes whatever that one had read.
    if (this.hasBegunScans()) this.mustReach = await context.source.majorityTime(signal);
  }

  /** Nothing to follow yet. What is waited for is told in the job as well; nobody has to start it again. */
  private async awaitCollections(): Promise<void> {
    const { context, signal, bindings } = this;
    let told: Condition | undefined;
    while (bindings.names.length === 0) {
      context.status.observe('waiting');
      const [trouble] = bindings.troubles;
      if (trouble !== undefined && trouble.message !== told?.message) {
        const isForPerson = ERROR_CATALOGUE[trouble.code].retry === 'permanent';
        await context.ledger.trouble(isForPerson ? new LockstepError(trouble.code, trouble.message) : null, trouble);
        told = trouble;
      }
      await sleep(Math.max(WAIT_FOR_COLLECTIONS_MS, context.settings.bindingRefreshMs), signal);
      context.checkpoint.replace(initialPosition(await context.source.majorityTime(signal)));
      await bindings.refresh();
    }
    if (told !== undefined) await this.startJobs();
  }

  /** The checkpoint belongs to one source and one set of rules; anything else means resync, never "carry on". */
  private async bindIdentity(): Promise<void> {
    const { context, signal } = this;
    const { clusterId } = await context.source.describe(signal);
    const identity = { clusterId, rulesHash: rulesHash(context.connector) };
    const known = context.lease.state.identity;
    if (known === null) {
      await context.checkpoint.save((state) => withIdentity(state, identity));
      return;
    }
    if (known.clusterId !== clusterId) {
      throw new LockstepError('SOURCE_IDENTITY_CHANGED', 'The source is another replica set than before');
    }
    if (known.rulesHash !== identity.rulesHash) {
      throw new LockstepError(
        'SOURCE_IDENTITY_CHANGED',
        'Filter, fields, mappings or index were changed since the last bulk sync',
      );
    }
  }

  private async startJobs(): Promise<void> {
    const { ledger, lease } = this.context;
    const isBulkDue = lease.state.streamJobId === null || ledger.bulk !== null || this.hasScans();
    if (isBulkDue) await ledger.ensureRunning('bulk_sync', 'scanning');
    else await ledger.ensureRunning('stream_sync', 'streaming');
    if (ledger.stream !== null) await ledger.ensureRunning('stream_sync', 'streaming');
  }

  private hasScans(): boolean {
    return Object.values(this.context.lease.state.bindings).some(({ scan }) => scan !== null);
  }

  private hasBegunScans(): boolean {
    return Object.values(this.context.lease.state.bindings).some(
      ({ scan }) => scan !== null && (scan.cursor !== null || scan.isScanned),
    );
  }

  private async openStream(): Promise<void> {
    const { context, signal, bindings } = this;
    await this.closeStream();
    const start = streamStart(context.checkpoint.position);
    const reader = await context.source.openStream({ collections: bindings.names, start, signal });
    const { maxQueuedEvents: maxEvents, maxQueuedBytes: maxBytes } = context.settings;
    const lag = new LagGauge();
    this.pump = new ChangePump(reader, {
      maxEvents,
      maxBytes,
      maxWaitMs: 1_000,
      onReply: (batch) => lag.arrived(batch, context.clock.monotonicMs()),
    });
    this.stream = new StreamTurn(context, this.pump, {
      lag,
      isFollowed: (collection) => bindings.isFollowed(collection),
      confirmCollection: (collection) => bindings.confirm(collection),
      onNamespaceEvent: (event) => this.onNamespaceEvent(event),
    });
    this.pump.start();
  }

  private async closeStream(): Promise<void> {
    const pump = this.pump;
    this.pump = null;
    await pump?.stop();
  }

  /** Between turns: commands, new collections, what is shown. */
  private async lookAround(): Promise<void> {
    const { context, inbox, bindings, signal } = this;
    if (await bindings.refresh()) {
      // The job goes on scanning; what the brake holds is counted anew behind it.
      this.releaseBrake();
      await context.ledger.ensureRunning('bulk_sync', 'scanning');
      await this.openStream();
    }
    if (this.sweep !== null && !this.isSweepDue(this.sweep.collection)) await this.dropSweep();
    if (this.isResyncCanceled()) await this.cancelResync();
    this.asked ??= inbox.takeResync();
    if (this.asked !== null && context.ledger.bulk === null) await this.beginResync(this.asked, signal);
    if (this.isBraked && (await context.ledger.confirmed())) this.releaseBrake();
    context.status.observe(this.hasScans() ? 'scanning' : 'streaming');
    await context.ledger.report();
  }

  /**
   * The stream first catches up with now, so that the scan's H is young; then everything is read again. Job and
   * scans are stored together: a session that ends before leaves the job pending, never taken up with nothing
   * to do.
   */
  private async beginResync(job: Job, signal: AbortSignal): Promise<void> {
    const { context, bindings } = this;
    this.asked = null;
    if (!(await context.ledger.isPending(job.id))) return;
    await this.requireStream().catchUp(await context.source.majorityTime(signal), signal);
    const scanning = await bindings.prepareScans(job.collections);
    if (!(await context.ledger.isPending(job.id))) return this.restoreTargets();
    await context.checkpoint.save((state) => withResync(state, job.id, scanning));
    await context.ledger.load();
    await context.ledger.ensureRunning('bulk_sync', 'scanning');
    bindings.lookSoon();
  }

  /** Canceling a first sync stops the connector instead: its index is not complete. */
  private isResyncCanceled(): boolean {
    const { ledger, lease } = this.context;
    return ledger.bulk !== null && this.inbox.isCanceling(ledger.bulk.id) && !isInitialSyncDue(lease.state);
  }

  private async cancelResync(): Promise<void> {
    const { context } = this;
    await this.dropSweep();
    await this.restoreTargets();
    await context.checkpoint.save(withCanceledScans);
    await context.ledger.end('bulk_sync', { kind: 'canceled' });
    await context.checkpoint.save(withoutScans);
    this.releaseBrake();
  }

  private isSweepDue(collection: string): boolean {
    const scan = this.context.lease.state.bindings[collection]?.scan;
    return scan?.isScanned === true && !scan.isSwept;
  }

  private async dropSweep(): Promise<void> {
    const { sweep } = this;
    this.sweep = null;
    await sweep?.steps.return({ kind: 'swept' });
  }

  private releaseBrake(): void {
    this.isBraked = false;
    this.context.status.clear('brake');
  }

  private async takeTurn(): Promise<void> {
    const turn = this.decide();
    if (turn.kind !== 'stream') {
      const reach = await this.repairs.turn(turn.kind !== 'follow', this.signal);
      if (reach !== null) {
        this.mustReach = reach;
        return;
      }
    }
    switch (turn.kind) {
      case 'stream':
        await this.requireStream().catchUp(turn.until, this.signal);
        return;
      case 'scan':
        this.mustReach = await scanTurn(this.context, turn.collection, this.signal);
        return;
      case 'sweep':
        await this.sweepTurn(turn.collection);
        return;
      case 'finishBulk':
        await this.finishBulk();
        return;
      case 'follow':
        await this.requireStream().follow(this.signal);
    }
  }

  private decide(): Turn {
    const { lease, ledger } = this.context;
    const scans = Object.values(lease.state.bindings).flatMap(({ collection, scan }) =>
      scan === null ? [] : [{ collection, isScanned: scan.isScanned, isSwept: scan.isSwept }],
    );
    const { streamedTo } = this.requireStream();
    return nextTurn({
      streamedTo,
      mustReach: this.mustReach,
      scans,
      isBulkDue: ledger.bulk !== null,
      isBraked: this.isBraked,
    });
  }

  private async sweepTurn(collection: string): Promise<void> {
    const { context, signal } = this;
    const target = context.targets.get(collection);
    if (target === undefined) throw new LockstepError('SINK_TARGET_MISSING');
    context.ledger.meter('bulk_sync')?.enter('sweeping');
    if (this.sweep?.collection !== collection) {
      const steps = new Sweep(context, target, signal).run(await context.ledger.confirmed());
      this.sweep = { collection, steps };
    }
    const step = await this.sweep.steps.next();
    if (step.done !== true) {
      this.mustReach = step.value;
      return;
    }
    this.sweep = null;
    if (step.value.kind === 'swept') {
      await context.checkpoint.save((state) => withScan(state, collection, (scan) => ({ ...scan, isSwept: true })));
      return;
    }
    this.isBraked = true;
    const { orphans, indexed } = step.value;
    const message = `${orphans} of ${indexed} documents of ${target.index} are no longer in ${namespaceOf(context, collection)}`;
    const condition = conditionOf('RemovalTooLarge', 'SWEEP_BRAKE_ENGAGED', message, context.clock.nowMs());
    context.status.set('brake', [condition]);
    await context.ledger.trouble(new LockstepError('SWEEP_BRAKE_ENGAGED', message), condition);
  }

  private async finishBulk(): Promise<void> {
    const { context } = this;
    await this.restoreTargets();
    await context.ledger.ensureRunning('bulk_sync', 'done');
    // An operator's command that came first is obeyed: until it reaches us, only the stream goes on.
    if (!(await context.ledger.complete('bulk_sync'))) return this.requireStream().follow(this.signal);
    this.releaseBrake();
    await context.checkpoint.save(withoutScans);
    await context.ledger.ensureRunning('stream_sync', 'streaming');
  }

  private async restoreTargets(): Promise<void> {
    for (const target of this.context.targets.values()) {
      await this.context.sink.endLoad(target, this.signal);
      await this.context.sink.refresh(target, this.signal);
    }
  }

  private async onNamespaceEvent(event: NamespaceEvent): Promise<void> {
    const { context, bindings } = this;
    const affected = event.collection === null ? bindings.names : this.affectedBy(event);
    for (const collection of affected) await bindings.suspend(collection, event.operation);
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

  private requireStream(): StreamTurn {
    if (this.stream === null || this.pump === null) throw new LockstepError('INTERNAL_ERROR', 'No stream is open');
    return this.stream;
  }
}
