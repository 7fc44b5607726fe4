import { LockstepError, reached } from '@lockstep/core';
import type { Job } from '@lockstep/contracts';
import { isInitialSyncDue } from '@lockstep/jobs';
import {
  hasScans,
  restartedFor,
  withCanceledScans,
  withoutScans,
  withResync,
} from '../checkpoint/partition-transitions.js';
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
  private lookedFor: string | null = null;

  constructor(
    private readonly context: PartitionContext,
    private readonly parts: ResyncDeskParts,
    private readonly signal: AbortSignal,
  ) {}

  /** A resync that somebody else has ended as canceled: its scans are still due, and its job is over. */
  async settleCanceled(): Promise<void> {
    const { ledger, lease } = this.context;
    const { bulkJobId } = lease.state;
    if (bulkJobId === null || !hasScans(lease.state) || isInitialSyncDue(lease.state)) return;
    if (await ledger.isCanceled(bulkJobId)) await this.forgetScans();
  }

  /** @returns `outdated` when the resync is by other rules than the session's: another session makes it */
  async look(): Promise<'outdated' | null> {
    if (this.isCanceled()) await this.cancel();
    if (this.context.ledger.bulk === null) await this.settleCanceled();
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
    const unknown = bindings.unknownAmong(job.collections ?? []);
    if (unknown.length > 0 && this.lookedFor !== job.id) {
      // It may have been made a moment ago: judged after one more look.
      this.lookedFor = job.id;
      this.asked = job;
      bindings.lookSoon();
      return null;
    }
    if (unknown.length > 0) {
      await context.ledger.refuse(
        job,
        new LockstepError('SOURCE_COLLECTION_MISSING', `not followed: ${unknown.join()}`),
      );
      return null;
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
    if (ledger.bulk === null || isInitialSyncDue(lease.state)) return false;
    // The API ends a job itself when it sees nobody at work, and may have looked a moment too early.
    return this.parts.inbox.isCanceling(ledger.bulk.id) || ledger.bulk.state === 'canceled';
  }

  private async cancel(): Promise<void> {
    const { context } = this;
    await this.parts.sweeps.drop();
    await this.forgetScans(async () => {
      reached('resync.canceling');
      await context.ledger.end('bulk_sync', { kind: 'canceled' });
      reached('resync.canceled');
    });
    this.parts.sweeps.release();
    this.parts.aliases.release();
  }

  /** @param endJob while the partition's document still names the job */
  private async forgetScans(endJob: () => Promise<void> = () => Promise.resolve()): Promise<void> {
    const { context } = this;
    await restoreTargets(context, this.signal);
    const elsewhere = new Set((await this.parts.aliases.elsewhere()).map(({ binding }) => binding.collection));
    await context.checkpoint.save((state) => withCanceledScans(state, elsewhere));
    await endJob();
    await context.checkpoint.save(withoutScans);
    this.parts.bindings.lookSoon();
  }
}
