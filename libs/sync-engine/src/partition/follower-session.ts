import { formatClusterTime, parseClusterTime, reached, sleep, throwIfAborted, type ClusterTime } from '@lockstep/core';
import type { BindingState } from '@lockstep/contracts';
import { hasBegunScans } from '../checkpoint/partition-transitions.js';
import { RepairDesk } from '../repair/repair-desk.js';
import { initialPosition } from '../stream/position.js';
import { scanTurn } from '../turns/scan-turn.js';
import { nextTurn, type Turn } from '../turns/turn-decision.js';
import { bindIdentity } from './bind-identity.js';
import { FollowerBindings } from './follower-bindings.js';
import { hasJobsOf, isOfLead, readLead, withJobsOf, type KnownLead } from './lead-view.js';
import type { TurnContext } from './partition-context.js';
import { patiently } from './patiently.js';
import { SessionStream } from './session-stream.js';
import { TargetWatch } from './target-watch.js';

/** Time between two looks at what the lead says, milliseconds. */
const LOOK_MS = 1_000;

/**
 * One life of a partition that is not the lead. It follows its parts of the lead's collections by a stream, a position
 * and versions of its own, takes turns like the lead, and waits for nobody. What is scanned when, and which jobs that
 * counts for, it reads in the lead's document.
 */
export class FollowerSession {
  private readonly bindings: FollowerBindings;
  private readonly stream: SessionStream;
  private readonly repairs: RepairDesk;
  private readonly targets: TargetWatch;
  private mustReach: ClusterTime | null = null;
  private lookedAtMs = -Infinity;
  private isOutdated = false;

  constructor(
    private readonly context: TurnContext,
    private readonly signal: AbortSignal,
  ) {
    this.bindings = new FollowerBindings(context, signal);
    this.stream = new SessionStream(context, this.bindings, signal);
    this.targets = new TargetWatch(context, signal);
    this.repairs = new RepairDesk(context, {
      isFollowed: (collection) => this.bindings.isFollowed(collection),
      confirmCollection: (collection) => this.bindings.confirm(collection),
    });
  }

  /**
   * Runs until the signal is aborted, or until the lead has begun anew.
   * @throws LockstepError what ended the session
   */
  async run(): Promise<'outdated'> {
    try {
      await this.prepare();
      while (!this.isOutdated) {
        throwIfAborted(this.signal);
        await this.lookAround();
        if (!this.isOutdated) await this.takeTurn();
      }
      return 'outdated';
    } finally {
      await this.context.headroom.leave();
      await this.stream.close();
      // What is acknowledged may be saved whatever ended the session; a lost lease refuses it by itself.
      await this.context.checkpoint.save().catch(() => undefined);
    }
  }

  private async prepare(): Promise<void> {
    const { context, signal, bindings } = this;
    await context.sink.check(signal);
    await bindIdentity(context, signal);
    await bindings.findTargets();
    await this.targets.look();
    context.status.clear('session', 'sink');
    const { source, checkpoint } = context;
    context.headroom.attend({ source, checkpoint, tellLag: () => this.stream.tellLag() });
    await this.awaitParts();
    if (this.isOutdated) return;
    await context.checkpoint.save();
    await this.stream.open();
    const now = await context.source.majorityTime(signal);
    context.checkpoint.begin(now);
    // A scan that another session began: the stream first passes whatever that one had read.
    if (hasBegunScans(context.lease.state)) this.mustReach = now;
  }

  /** Takes up what the lead has by now; where there is no part of anything yet, waits for one. */
  private async awaitParts(): Promise<void> {
    const { context, signal, bindings } = this;
    for (;;) {
      const lead = await this.readLead();
      if (lead === null) return;
      for (const { step, binding } of bindings.due(lead)) if (step === 'add') await bindings.take(binding);
      if (bindings.names.length > 0) return;
      context.status.observe('streaming');
      await sleep(LOOK_MS, signal);
      context.checkpoint.replace(initialPosition(await context.source.majorityTime(signal)));
    }
  }

  /** The lead's document; null when it has begun anew, and this session is over. */
  private async readLead(): Promise<KnownLead | null> {
    const { lease, clock, partitions } = this.context;
    this.lookedAtMs = clock.monotonicMs();
    const lead = await readLead(partitions, lease);
    if (lead !== null && isOfLead(lease.state, lead)) return lead;
    this.isOutdated = true;
    return null;
  }

  private async lookAround(): Promise<void> {
    const { context } = this;
    await this.targets.lookIfDue();
    if (context.clock.monotonicMs() - this.lookedAtMs >= LOOK_MS) {
      const lead = await patiently(context, () => this.readLead());
      if (lead !== null) await this.goBy(lead);
    }
    const isScanning = Object.values(context.lease.state.bindings).some(({ scan }) => scan !== null && !scan.isSwept);
    context.status.observe(isScanning ? 'scanning' : 'streaming');
    await context.ledger.report();
  }

  private async goBy(lead: KnownLead): Promise<void> {
    const { context } = this;
    if (!hasJobsOf(context.lease.state, lead)) await context.checkpoint.save((state) => withJobsOf(state, lead));
    await this.saveAwaited(lead.awaits ?? null);
    let isAdded = false;
    for (const { step, binding } of this.bindings.due(lead)) {
      if (step === 'endScan') await this.bindings.endScan(binding.collection);
      if (step === 'suspend') await this.suspendAs(binding);
      if (step === 'scan') await this.scanAgain(binding);
      if (step === 'identify') await this.bindings.identify(binding);
      if (step === 'add') {
        await this.bindings.take(binding);
        isAdded = true;
      }
    }
    if (isAdded) await this.stream.open();
  }

  private async suspendAs({ collection, suspension }: BindingState): Promise<void> {
    if (suspension === null) return;
    await this.bindings.suspend(collection, suspension.operation, { isTold: suspension.isTold === true });
  }

  /** The stream first passes whatever it still has to tell of the collection as it was. */
  private async scanAgain(binding: BindingState): Promise<void> {
    const { source } = this.context;
    await this.stream.turns.catchUp(await source.majorityTime(this.signal), this.signal);
    await this.bindings.take(binding);
  }

  /** The lead waits until it can read in our document that we have come so far. */
  private async saveAwaited(awaits: string | null): Promise<void> {
    const { checkpoint, lease } = this.context;
    const time = awaits === null ? undefined : parseClusterTime(awaits);
    if (time === undefined || checkpoint.position.h < time) return;
    const stored = lease.state.position;
    if (stored?.h === formatClusterTime(checkpoint.position.h)) return;
    await checkpoint.save();
    reached('part.arrived');
  }

  private async takeTurn(): Promise<void> {
    const { context, signal } = this;
    const turn = this.decide();
    if (turn.kind !== 'stream' && !context.headroom.isShort) {
      const reach = await this.repairs.turn(turn.kind !== 'follow', signal);
      if (reach !== null) {
        this.mustReach = reach;
        return;
      }
    }
    switch (turn.kind) {
      case 'stream':
        await this.stream.turns.catchUp(turn.until, signal);
        return;
      case 'scan':
        this.mustReach = await scanTurn(context, turn.collection, signal);
        return;
      case 'sweep':
        await this.bindings.settle(turn.collection);
        return;
      case 'finishBulk':
      case 'follow':
        await this.stream.turns.follow(signal);
    }
  }

  private decide(): Turn {
    const scans = Object.values(this.context.lease.state.bindings).flatMap(({ collection, scan }) =>
      scan === null ? [] : [{ collection, isScanned: scan.isScanned, isSwept: scan.isSwept, isHeld: false }],
    );
    const { streamedTo } = this.stream.turns;
    const { mustReach } = this;
    const isHistoryShort = this.context.headroom.isShort;
    return nextTurn({ streamedTo, mustReach, scans, isBulkDue: false, isHistoryShort });
  }
}
