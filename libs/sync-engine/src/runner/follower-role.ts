import { LockstepError, reached } from '@lockstep/core';
import { HeadroomKeeper } from '../headroom/headroom-keeper.js';
import { FollowerSession } from '../partition/follower-session.js';
import { begunWith, isOfLead, readLead, type KnownLead } from '../partition/lead-view.js';
import type { SessionEnd } from '../partition/partition-session.js';
import { FollowerLedger } from '../progress/follower-ledger.js';
import type { AnsweredFailure } from './failure-decision.js';
import { openSession } from './open-session.js';
import type { AfterFailure, PartitionRole, PartitionRoleOptions, StopReason } from './partition-role.js';
import { tellFailure } from './tell-failure.js';

/** Time between two looks for a lead to go by, milliseconds. */
const LEAD_LOOK_MS = 1_000;
/** A target that is lost twice within this time is gone, milliseconds. */
const LOSS_MEMORY_MS = 30_000;

/**
 * A partition that goes by its generation's lead. It works on no job: what it fails with stands in its own conditions,
 * and the lead takes up what needs a resync.
 */
export class FollowerRole implements PartitionRole {
  readonly headroom: HeadroomKeeper;
  private readonly ledger: FollowerLedger;
  private lostTargetAtMs = -Infinity;

  constructor(private readonly options: PartitionRoleOptions) {
    const { lease, clock, settings } = options;
    this.ledger = new FollowerLedger({ lease, clock, reportMs: settings.reportMs });
    this.headroom = new HeadroomKeeper(options, this.ledger);
  }

  async session(signal: AbortSignal): Promise<SessionEnd> {
    const { options, ledger, headroom } = this;
    options.status.observe('starting');
    if (!(await this.beginWithLead(signal))) throw new LockstepError('JOB_ABORTED');
    return openSession(
      options,
      { ledger, headroom },
      { run: (context) => new FollowerSession(context, signal).run(), signal },
    );
  }

  async failed(decision: AnsweredFailure, error: LockstepError, signal: AbortSignal): Promise<AfterFailure> {
    const { status, inbox } = this.options;
    if (error.code === 'SINK_TARGET_MISSING' && this.isFirstLoss()) return 'again';
    if (decision.kind === 'resyncRequired') {
      await this.headroom.rest();
      tellFailure(this.options, 'ResyncRequired', error);
      status.observe('resync_required');
      await this.leadBeganAnew(signal);
      return 'afresh';
    }
    if (decision.delayMs === 0) return 'again';
    const isWaiting = decision.kind === 'retry';
    tellFailure(this.options, isWaiting ? 'Waiting' : 'Failed', error);
    status.observe(isWaiting ? 'waiting' : 'failed');
    await inbox.arrival(decision.delayMs, signal);
    return 'again';
  }

  /** A lead that begins anew ends our write aliases: found again, they are there, unless the index is gone indeed. */
  private isFirstLoss(): boolean {
    const now = this.options.clock.monotonicMs();
    const isFirst = now - this.lostTargetAtMs > LOSS_MEMORY_MS;
    this.lostTargetAtMs = now;
    return isFirst;
  }

  async heldBack(decision: AnsweredFailure, error: LockstepError, signal: AbortSignal): Promise<void> {
    await this.failed(decision, error, signal);
  }

  settle(reason: StopReason): Promise<void> {
    const { status } = this.options;
    if (reason !== 'released') {
      status.clearAll();
      status.observe(reason === 'paused' ? 'paused' : 'idle');
    }
    return Promise.resolve();
  }

  /** Waits for a lead to go by; what belongs to what the lead has forgotten is forgotten. @returns false when stopped */
  private async beginWithLead(signal: AbortSignal): Promise<boolean> {
    const { lease, partitions, inbox } = this.options;
    while (!signal.aborted) {
      const lead = await readLead(partitions, lease);
      if (lead !== null) {
        if (!isOfLead(lease.state, lead)) await this.beginWith(lead);
        return true;
      }
      await inbox.arrival(LEAD_LOOK_MS, signal);
    }
    return false;
  }

  private async beginWith(lead: KnownLead): Promise<void> {
    reached('part.beginning');
    await this.options.lease.save((state) => begunWith(state, lead));
    reached('part.begun');
  }

  private async leadBeganAnew(signal: AbortSignal): Promise<void> {
    const { lease, partitions, inbox } = this.options;
    while (!signal.aborted) {
      const lead = await readLead(partitions, lease);
      if (lead !== null && !isOfLead(lease.state, lead)) return;
      await inbox.arrival(LEAD_LOOK_MS, signal);
    }
  }
}
