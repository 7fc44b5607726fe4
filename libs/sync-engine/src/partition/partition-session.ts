import { ERROR_CATALOGUE, LockstepError, reached, sleep, throwIfAborted, type ClusterTime } from '@lockstep/core';
import type { Condition } from '@lockstep/contracts';
import { hasBegunScans, hasScans, withoutScans } from '../checkpoint/partition-transitions.js';
import { showScans } from '../progress/scan-progress.js';
import { conditionOf } from '../runner/status-board.js';
import { RepairDesk } from '../repair/repair-desk.js';
import { initialPosition } from '../stream/position.js';
import { scanTurn } from '../turns/scan-turn.js';
import { nextTurn, type Turn } from '../turns/turn-decision.js';
import { bindIdentity, mendRules } from './bind-identity.js';
import { BindingKeeper } from './binding-keeper.js';
import { DueScans } from './due-scans.js';
import { Followers } from './followers.js';
import { isByOtherRules } from './generation-rules.js';
import type { PartitionContext } from './partition-context.js';
import { ReadAliasKeeper } from './read-alias-keeper.js';
import { ResyncDesk } from './resync-desk.js';
import { restoreTargets } from './restore-targets.js';
import type { SessionInbox } from './session-inbox.js';
import { SessionStream } from './session-stream.js';
import { Succession } from './succession.js';
import { SweepKeeper } from './sweep-keeper.js';
import { TargetWatch } from './target-watch.js';

const WAIT_FOR_COLLECTIONS_MS = 1_000;

/**
 * What a session that did not fail ends with:
 * - `outdated`: another one by other rules has to take its place
 * - `served`: its generation has come to serve, which is another role
 */
export type SessionEnd = 'outdated' | 'served';

/**
 * One life of a partition between opening its change stream and the first error or stop: takes turns until
 * it is told to stop.
 */
export class PartitionSession {
  private readonly bindings: BindingKeeper;
  private readonly repairs: RepairDesk;
  private readonly stream: SessionStream;
  private readonly sweeps: SweepKeeper;
  private readonly aliases: ReadAliasKeeper;
  private readonly succession: Succession;
  private readonly targets: TargetWatch;
  private readonly followers: Followers;
  private readonly scans: DueScans;
  private readonly resyncs: ResyncDesk;
  private mustReach: ClusterTime | null = null;
  private end: SessionEnd | null = null;

  constructor(
    private readonly context: PartitionContext,
    inbox: SessionInbox,
    private readonly signal: AbortSignal,
  ) {
    this.bindings = new BindingKeeper(context, signal);
    this.stream = new SessionStream(context, this.bindings, signal);
    this.followers = new Followers(context);
    this.sweeps = new SweepKeeper(context, this.followers, signal);
    this.succession = new Succession(context, this.followers, signal);
    this.targets = new TargetWatch(context, signal);
    this.aliases = new ReadAliasKeeper(context, signal);
    const { bindings, stream, sweeps, aliases } = this;
    this.scans = new DueScans(context, { bindings, stream, sweeps, aliases }, signal);
    this.resyncs = new ResyncDesk(context, { bindings, stream, sweeps, aliases, inbox }, signal);
    this.repairs = new RepairDesk(context, {
      isFollowed: (collection) => this.bindings.isFollowed(collection),
      confirmCollection: (collection) => this.bindings.confirm(collection),
    });
  }

  /**
   * Runs until the signal is aborted, or until another session has to take its place.
   * @throws LockstepError what ended the session
   */
  async run(): Promise<SessionEnd> {
    try {
      await this.prepare();
      for (;;) {
        throwIfAborted(this.signal);
        await this.lookAround();
        if (this.end === null) await this.takeTurn();
        if (this.end !== null) return this.end;
      }
    } finally {
      await this.context.headroom.leave();
      await this.stream.close();
      await this.sweeps.drop().catch(() => undefined);
      // What is acknowledged may be saved whatever ended the session; a lost lease refuses it by itself.
      await this.context.checkpoint.save().catch(() => undefined);
    }
  }

  private async prepare(): Promise<void> {
    const { context, signal, bindings } = this;
    await this.followers.lookIfDue();
    await context.sink.check(signal);
    await bindIdentity(context, signal);
    await mendRules(context, signal);
    await bindings.findTargets();
    await this.targets.look();
    await context.ledger.load();
    await this.resyncs.settleCanceled();
    await this.startJobs();
    showScans(context, null);
    context.status.clear('session', 'sink', 'takeover');
    const { source, checkpoint } = context;
    context.headroom.attend({ source, checkpoint, tellLag: () => this.stream.tellLag() });
    this.tellRules();
    await this.scans.takeUpCollections();
    if (bindings.names.length === 0) await this.awaitCollections();
    await context.checkpoint.save();
    reached('stream.opening');
    await this.stream.open();
    const now = await context.source.majorityTime(signal);
    context.checkpoint.begin(now);
    // A scan that another session began: the stream first passes whatever that one had read.
    if (hasBegunScans(context.lease.state)) this.mustReach = now;
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
      await this.scans.takeUpCollections();
    }
    await this.startJobs();
  }

  private async startJobs(): Promise<void> {
    const { ledger, lease } = this.context;
    if (!this.isServing) {
      if (ledger.bulk !== null) await ledger.adopt(ledger.bulk);
      if (ledger.bulk !== null) await ledger.ensureRunning('bulk_sync', 'scanning');
      return;
    }
    const isBulkDue = lease.state.streamJobId === null || ledger.bulk !== null || hasScans(lease.state);
    if (isBulkDue) await ledger.ensureRunning('bulk_sync', 'scanning');
    else await ledger.ensureRunning('stream_sync', 'streaming');
    if (ledger.stream !== null) await ledger.ensureRunning('stream_sync', 'streaming');
  }

  private get isServing(): boolean {
    return this.context.generation.state === 'serving';
  }

  /** The rules of the beginning are followed until a resync; whoever changed them has to know. */
  private tellRules(): void {
    const { context } = this;
    if (!isByOtherRules(context)) return context.status.clear('rules');
    const message = 'The index follows the database, filter, fields, mappings and name that it was filled with';
    context.status.set('rules', [conditionOf('RulesChanged', 'CONNECTOR_RESYNC_DUE', message, context.clock.nowMs())]);
  }

  /** Between turns: commands, new collections, what is shown. */
  private async lookAround(): Promise<void> {
    const { context, bindings } = this;
    if (await this.scans.takeUpCollections()) await this.stream.open();
    await this.followers.lookIfDue();
    for (const { collection, suspension } of this.followers.suspended()) {
      await bindings.suspend(collection, suspension.operation, { isTold: suspension.isTold === true });
    }
    await this.scans.takeUpReturning();
    await this.targets.lookIfDue();
    await this.sweeps.dropUndue();
    if ((await this.resyncs.look()) === 'outdated') this.end = 'outdated';
    await this.sweeps.releaseConfirmed();
    context.status.observe(hasScans(context.lease.state) ? 'scanning' : 'streaming');
    await context.ledger.report();
  }

  private async takeTurn(): Promise<void> {
    const turn = this.decide();
    // Repairs read documents like scans do: they wait as well while the history is short.
    if (turn.kind !== 'stream' && !this.context.headroom.isShort) {
      const reach = await this.repairs.turn(turn.kind !== 'follow', this.signal);
      if (reach !== null) {
        this.mustReach = reach;
        return;
      }
    }
    switch (turn.kind) {
      case 'stream':
        await this.stream.turns.catchUp(turn.until, this.signal);
        return;
      case 'scan':
        this.mustReach = await scanTurn(this.context, turn.collection, this.signal);
        return;
      case 'sweep':
        this.mustReach = (await this.sweeps.turn(turn.collection)) ?? this.mustReach;
        return;
      case 'finishBulk':
        await this.finishBulk();
        return;
      case 'follow':
        await this.stream.turns.follow(this.signal);
    }
  }

  private decide(): Turn {
    const { lease, ledger } = this.context;
    const scans = Object.values(lease.state.bindings).flatMap(({ collection, scan }) =>
      scan === null
        ? []
        : [{ collection, isScanned: scan.isScanned, isSwept: scan.isSwept, isHeld: this.isSweepHeld(collection) }],
    );
    const { streamedTo } = this.stream.turns;
    return nextTurn({
      streamedTo,
      mustReach: this.mustReach,
      scans,
      isBulkDue:
        (ledger.bulk !== null || this.context.generation.state === 'switching') && this.followers.haveScanned(),
      isHistoryShort: this.context.headroom.isShort,
    });
  }

  /** What is in the index and was not read yet by all would only be looked up in vain. */
  private isSweepHeld(collection: string): boolean {
    return this.sweeps.isHeld(collection) || !this.followers.hasScanned(collection);
  }

  private async finishBulk(): Promise<void> {
    const { context } = this;
    if (!this.isServing) {
      if (await this.succession.turn(this.stream.turns)) this.end = 'served';
      return;
    }
    if (await this.aliases.isHeld()) return this.stream.turns.follow(this.signal);
    await restoreTargets(context, this.signal);
    if (!this.followers.areNone) await this.followers.look();
    if (!(await this.aliases.takeUp())) return;
    await context.ledger.ensureRunning('bulk_sync', 'done');
    // Its last figures are those of the stored position.
    await context.checkpoint.save();
    reached('bulkSync.restored');
    // An operator's command that came first is obeyed: until it reaches us, only the stream goes on.
    if (!(await context.ledger.complete('bulk_sync')) && !(await this.endOverruled())) {
      return this.stream.turns.follow(this.signal);
    }
    reached('bulkSync.completed');
    this.sweeps.release();
    await context.checkpoint.save(withoutScans);
    reached('bulkSync.closed');
    await context.ledger.ensureRunning('stream_sync', 'streaming');
  }

  /** A generation that was canceled when it was past the point of no return serves all the same; its job is canceled. */
  private async endOverruled(): Promise<boolean> {
    const { ledger } = this.context;
    const job = ledger.bulk;
    if (job?.state !== 'canceling' || job.mode === null || job.mode === 'inPlace') return false;
    await ledger.end('bulk_sync', { kind: 'canceled' });
    return true;
  }
}
