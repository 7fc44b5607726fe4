import { asLockstepError, describeCause, hasCode, reached, type LockstepError } from '@lockstep/core';
import type { Connector, Generation, Job, PartitionKey } from '@lockstep/contracts';
import { isInitialSyncDue } from '@lockstep/jobs';
import type { SessionEnd } from '../partition/partition-session.js';
import { SessionInbox } from '../partition/session-inbox.js';
import { decideFailure } from './failure-decision.js';
import { FollowerRole } from './follower-role.js';
import { LeadRole } from './lead-role.js';
import type { PartitionRole, PartitionRoleOptions, StopReason } from './partition-role.js';
import { StatusBoard } from './status-board.js';
import { tellFailure } from './tell-failure.js';

/** A session that lived this long had recovered: its end counts as a first failure again. */
const RECOVERED_AFTER_MS = 30_000;

export interface ConnectorRunnerOptions extends Omit<PartitionRoleOptions, 'status' | 'inbox'> {
  /** Why the partition is not to be worked on: its lease is only taken to tell it. Null when it is to run. */
  readonly heldBack: LockstepError | null;
}

/** Keeps one partition of a connector running while its lease is ours: session after session, until stopped. */
export class ConnectorRunner {
  private readonly inbox = new SessionInbox();
  private readonly stopping = new AbortController();
  private readonly status: StatusBoard;
  private readonly role: PartitionRole;
  private reason: StopReason = 'released';
  private running: Promise<void> | null = null;
  private attempt = 0;
  private isFinished = false;

  constructor(private readonly options: ConnectorRunnerOptions) {
    const { connector, lease, events, clock } = options;
    this.status = new StatusBoard({
      connectorId: connector.id,
      partition: lease.partition,
      clock,
      events,
      save: (change) => lease.save(change),
    });
    const roleOptions = { ...options, status: this.status, inbox: this.inbox };
    this.role = this.isLead ? new LeadRole(roleOptions) : new FollowerRole(roleOptions);
  }

  /** The partition works on the jobs of its generation. */
  get isLead(): boolean {
    return this.options.lease.key.partition === 0;
  }

  get key(): PartitionKey {
    return this.options.lease.key;
  }

  get connector(): Connector {
    return this.options.connector;
  }

  get generation(): Generation {
    return this.options.generation;
  }

  /** True once the runner has ended by itself: its lease is lost. */
  get isOver(): boolean {
    return this.isFinished;
  }

  /** A scan or sweep is under way, part of which is done again wherever it goes on. */
  get isScanning(): boolean {
    return this.options.lease.state.bulkJobId !== null;
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Ends the session at the next safe point, settles its jobs and gives the lease back. */
  async stop(reason: StopReason): Promise<void> {
    this.requestStop(reason);
    await this.running;
  }

  requestStop(reason: StopReason): void {
    this.reason = reason;
    this.stopping.abort();
  }

  /** A job that waits to be taken up. */
  offer(job: Job): void {
    this.inbox.offer(job);
  }

  /** Whether the partition's document names the job. */
  worksFor(jobId: string): boolean {
    const { bulkJobId, streamJobId } = this.options.lease.state;
    return jobId === bulkJobId || jobId === streamJobId;
  }

  /**
   * Cancels a resync that runs beside the stream sync.
   * @returns false when the job is not one of those: canceling it means stopping the connector
   */
  cancel(jobId: string): boolean {
    const { state } = this.options.lease;
    if (state.bulkJobId !== jobId || isInitialSyncDue(state)) return false;
    this.inbox.cancel(jobId);
    return true;
  }

  private async run(): Promise<void> {
    const signal = AbortSignal.any([this.stopping.signal, this.options.lease.signal]);
    try {
      await this.holdBack(signal);
      await this.work(signal);
      if (!this.options.lease.signal.aborted) await this.role.settle(this.reason);
    } catch (error) {
      if (!hasCode(error, 'JOB_LEASE_LOST'))
        tellFailure({ status: this.status, clock: this.options.clock }, 'SessionEnded', asLockstepError(error));
    } finally {
      await this.release();
      this.isFinished = true;
    }
  }

  /** Session after session. What is left of the source's history is told between them as well. */
  private async work(signal: AbortSignal): Promise<void> {
    const { headroom } = this.role;
    if (signal.aborted) return;
    headroom.start();
    try {
      while (!signal.aborted) {
        const startedAt = this.options.clock.monotonicMs();
        const error = await this.session(signal);
        // A worker that was frozen may hear of its late requests before its own timers tell it.
        if (signal.aborted || !this.options.lease.isHeld()) break;
        // Whoever claims the partition next begins with its new role.
        if (error === 'served') break;
        if (error === 'outdated') continue;
        if (this.options.clock.monotonicMs() - startedAt > RECOVERED_AFTER_MS) this.attempt = 0;
        this.attempt += 1;
        const decision = decideFailure(error, this.attempt);
        if (decision.kind === 'leave') {
          // The lease is ours, the jobs are not: a generation that has taken the place of this one carries them on.
          if (error.code === 'JOB_LEASE_LOST') this.reason = 'retired';
          break;
        }
        reached('session.failed');
        this.options.events.emit({
          type: 'session.failed',
          connectorId: this.connector.id,
          code: error.code,
          detail: describeCause(error),
        });
        await headroom.failed(error);
        const after = await this.role.failed(decision, error, signal);
        if (after === 'over') break;
        if (after === 'afresh') this.attempt = 0;
      }
    } finally {
      await headroom.close();
    }
  }

  /** Tells why nobody works on the partition; what is told stands until somebody does. */
  private async holdBack(signal: AbortSignal): Promise<void> {
    const { heldBack } = this.options;
    if (heldBack === null) return;
    this.stopping.abort();
    const decision = decideFailure(heldBack, 1);
    if (decision.kind !== 'leave') await this.role.heldBack(decision, heldBack, signal);
  }

  /** @returns what ended the session */
  private async session(signal: AbortSignal): Promise<LockstepError | SessionEnd> {
    try {
      return await this.role.session(signal);
    } catch (error) {
      return asLockstepError(error);
    }
  }

  private async release(): Promise<void> {
    await this.status.settled();
    if (this.options.lease.signal.aborted) return;
    await this.options.lease.release().catch((error: unknown) => {
      this.options.events.emit({ type: 'supervisor.failed', code: asLockstepError(error).code });
    });
  }
}
