import { reached } from '@lockstep/core';
import type { Job } from '@lockstep/contracts';
import { isInitialSyncDue } from '@lockstep/jobs';
import { restartedFor, withCanceledScans, withoutScans, withResync } from '../checkpoint/partition-transitions.js';
import { withShares } from '../progress/job-figures.js';
import type { DueScansParts } from './due-scans.js';
import { isByOtherRules } from './generation-rules.js';
import type { PartitionContext } from './partition-context.js';
import { restoreTargets } from './restore-targets.js';
import type { SessionInbox } from './session-inbox.js';

export interface ResyncDeskParts extends DueScansParts {
  readonly inbox: SessionInbox;
}

/** Resyncs in place that operators ask for, or cancel. */
export class ResyncDesk {
  private asked: Job | null = null;

  constructor(
    private readonly context: PartitionContext,
    private readonly parts: ResyncDeskParts,
    private readonly signal: AbortSignal,
  ) {}

  /** @returns `outdated` when the resync is by other rules than the session's: another session makes it */
  async look(): Promise<'outdated' | null> {
    if (this.isCanceled()) await this.cancel();
    this.asked ??= this.parts.inbox.takeResync();
    if (this.asked === null || this.context.ledger.bulk !== null) return null;
    const job = this.asked;
    this.asked = null;
    return this.begin(job);
  }

  /**
   * The stream first catches up with now, so that the scan's H is young; then everything is read again. Job and
   * scans are stored together: a session that ends before leaves the job pending, never taken up with nothing
   * to do.
   */
  private async begin(job: Job): Promise<'outdated' | null> {
    const { context, signal } = this;
    const { bindings, stream } = this.parts;
    if (!(await context.ledger.isPending(job.id))) return null;
    if (isByOtherRules(context)) {
      const { shares } = context.ledger;
      await context.checkpoint.save((state) => restartedFor(withShares(state, shares), job.id));
      return 'outdated';
    }
    await stream.turns.catchUp(await context.source.majorityTime(signal), signal);
    reached('resync.caughtUp');
    const scanning = await bindings.prepareScans(job.collections);
    reached('resync.prepared');
    if (!(await context.ledger.isPending(job.id))) {
      await restoreTargets(context, signal);
      return null;
    }
    await context.checkpoint.save((state) => withResync(state, job.id, scanning));
    reached('resync.begun');
    await context.ledger.load();
    await context.ledger.ensureRunning('bulk_sync', 'scanning');
    bindings.lookSoon();
    return null;
  }

  /** Canceling a first sync stops the connector instead: its index is not complete. */
  private isCanceled(): boolean {
    const { ledger, lease } = this.context;
    return ledger.bulk !== null && this.parts.inbox.isCanceling(ledger.bulk.id) && !isInitialSyncDue(lease.state);
  }

  private async cancel(): Promise<void> {
    const { context } = this;
    await this.parts.sweeps.drop();
    await restoreTargets(context, this.signal);
    await context.checkpoint.save(withCanceledScans);
    reached('resync.canceling');
    await context.ledger.end('bulk_sync', { kind: 'canceled' });
    reached('resync.canceled');
    await context.checkpoint.save(withoutScans);
    this.parts.sweeps.release();
  }
}
