import { reached, type LockstepError } from '@lockstep/core';
import { isArriving, isInitialSyncDue } from '@lockstep/jobs';
import { restarted } from '../checkpoint/partition-transitions.js';
import { HeadroomKeeper } from '../headroom/headroom-keeper.js';
import { PartitionSession, type SessionEnd } from '../partition/partition-session.js';
import { isOver, PartitionTrouble } from '../partition/partition-trouble.js';
import { patiently } from '../partition/patiently.js';
import { withShares } from '../progress/job-figures.js';
import { isResyncAutomatic } from './automatic-resync.js';
import { PERMANENT_RETRY_MS, type AnsweredFailure, type FailureDecision } from './failure-decision.js';
import { JobLedger } from './job-ledger.js';
import { openSession } from './open-session.js';
import type { AfterFailure, PartitionRole, PartitionRoleOptions, StopReason } from './partition-role.js';
import { tellFailure } from './tell-failure.js';

/** Time between two looks for the resync that helps, milliseconds. */
const RESYNC_LOOK_MS = 2_000;

/** The partition that works on the jobs of its generation: finds collections, sweeps, and takes over. */
export class LeadRole implements PartitionRole {
  readonly headroom: HeadroomKeeper;
  private readonly ledger: JobLedger;

  constructor(private readonly options: PartitionRoleOptions) {
    const { generation, settings } = options;
    const ownJobId = generation.state === 'serving' ? null : generation.jobId;
    this.ledger = new JobLedger({ ...options, ownJobId, reportMs: settings.reportMs });
    this.headroom = new HeadroomKeeper(options, this.ledger);
  }

  async session(signal: AbortSignal): Promise<SessionEnd> {
    const { options, ledger, headroom } = this;
    options.status.observe('starting');
    await ledger.load();
    return openSession(
      options,
      { ledger, headroom },
      {
        run: (context) => new PartitionSession(context, options.inbox, signal).run(),
        signal,
      },
    );
  }

  async failed(decision: AnsweredFailure, error: LockstepError, signal: AbortSignal): Promise<AfterFailure> {
    if (await this.isGivenUp(decision, error)) return 'over';
    const { status, inbox } = this.options;
    switch (decision.kind) {
      case 'retry':
        if (decision.delayMs === 0) return 'again';
        status.observe('waiting');
        await this.ensureJob();
        await this.ledger.trouble(error, tellFailure(this.options, 'Waiting', error));
        await inbox.arrival(decision.delayMs, signal);
        return 'again';
      case 'fail':
        await this.ensureJob();
        // The job of a generation that switches is past failing.
        if (this.isServing) await this.failAll(error);
        tellFailure(this.options, 'Failed', error);
        status.observe('failed');
        await inbox.arrival(decision.delayMs, signal);
        return 'again';
      case 'resyncRequired':
        if (!this.isServing) return this.fillAgain(error, signal);
        await this.ledger.fail(error);
        await this.headroom.rest();
        tellFailure(this.options, 'ResyncRequired', error);
        status.observe('resync_required');
        await this.resyncByPolicy(error);
        await this.awaitResync(error, signal);
        return 'afresh';
    }
  }

  async heldBack(decision: AnsweredFailure, error: LockstepError, signal: AbortSignal): Promise<void> {
    await this.ledger.load();
    await this.failed(decision, error, signal);
  }

  async settle(reason: StopReason): Promise<void> {
    const { status } = this.options;
    reached('jobs.settling');
    // Whoever goes on has taken the jobs up, or will.
    if (reason === 'released') return;
    if (reason !== 'retired') await this.ledger.load();
    if (reason === 'paused') await this.ledger.pauseAll();
    if (reason === 'stopped') await this.ledger.cancelAll();
    status.clearAll();
    status.observe(reason === 'paused' ? 'paused' : 'idle');
  }

  /**
   * A generation on its way to serve ends with the first error that needs a person: the one that serves goes on,
   * and the resync can be asked for again. Past the point of no return it is tried again like a serving one.
   */
  private async isGivenUp(decision: FailureDecision, error: LockstepError): Promise<boolean> {
    const { generation, generations, lease } = this.options;
    if (generation.state === 'serving' || decision.kind === 'retry') return false;
    // Stored first: whoever finds the generation given up and the job not ended knows why.
    await this.ledger.trouble(error, tellFailure(this.options, 'Failed', error));
    const plan = await generations.abandon(lease.key.connectorId, generation);
    const now = plan.generations.find(({ number }) => number === generation.number);
    if (now !== undefined && isArriving(now)) return false;
    await this.ledger.fail(error);
    this.options.status.clearAll();
    this.options.status.observe('idle');
    return true;
  }

  /**
   * A generation that takes over has lost its position or an index. Nobody can give it up any more, and no resync can be
   * asked for beside it: it fills its targets once more. With another source it waits, as that may be a wrong URI.
   */
  private async fillAgain(error: LockstepError, signal: AbortSignal): Promise<AfterFailure> {
    const { status, inbox, lease } = this.options;
    await this.headroom.rest();
    tellFailure(this.options, 'ResyncRequired', error);
    status.observe('resync_required');
    if (error.code === 'SOURCE_IDENTITY_CHANGED') {
      await inbox.arrival(PERMANENT_RETRY_MS, signal);
      return 'again';
    }
    const { shares } = this.ledger;
    // By the rules that it began with, and with what all of its partitions have counted.
    await lease.save((state) => ({ ...restarted(withShares(state, shares)), identity: state.identity }));
    return 'afresh';
  }

  private get isServing(): boolean {
    return this.options.generation.state === 'serving';
  }

  /** Also what only a session begins, and was asked for in vain. */
  private async failAll(error: LockstepError): Promise<void> {
    await this.ledger.fail(error);
    for (const job of await this.ledger.found.pendingResyncs()) await this.ledger.refuse(job, error);
  }

  /** A job that was asked for and could not even begin tells its trouble like one under way. */
  private async ensureJob(): Promise<void> {
    if (!this.isServing) return;
    if (this.ledger.bulk === null && this.ledger.stream === null) await this.ledger.adoptAnyPending();
  }

  private async resyncByPolicy(error: LockstepError): Promise<void> {
    const { source, sink } = this.options.connector.config;
    const newest = await this.ledger.found.newestBulk();
    if (!isResyncAutomatic({ policy: source.onHistoryLost ?? 'wait', code: error.code, newest })) return;
    // Where the targets were never filled there is nothing to go on serving meanwhile.
    const canServe = sink.layout === 'alias' && !isInitialSyncDue(this.options.lease.state);
    await this.ledger.found.ask(canServe ? 'newGeneration' : 'inPlace');
  }

  /** Waits for a resync, or until the partition that needed one is found to need none. */
  private async awaitResync(error: LockstepError, signal: AbortSignal): Promise<void> {
    const { inbox, lease } = this.options;
    while (!signal.aborted) {
      // One that was offered before may have ended with the others.
      const asked = inbox.takeResync();
      if (asked !== null && (await this.ledger.isPending(asked.id))) {
        await lease.save((state) => restarted(state, asked.id));
        reached('position.forgotten');
        return;
      }
      if (error instanceof PartitionTrouble && (await this.isOver(error))) return;
      await inbox.arrival(RESYNC_LOOK_MS, signal);
    }
  }

  private async isOver({ partition }: PartitionTrouble): Promise<boolean> {
    const { lease, partitions } = this.options;
    const look = async (): Promise<boolean> => isOver(await partitions.get({ ...lease.key, partition }));
    return (await patiently(this.options, look)) === true;
  }
}
