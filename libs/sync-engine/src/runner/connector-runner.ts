import { asLockstepError, describeCause, hasCode, reached, type ClusterTime, type LockstepError } from '@lockstep/core';
import type { Connector, Generation, Job, SourcePort } from '@lockstep/contracts';
import { isArriving, isInitialSyncDue, type PartitionLease } from '@lockstep/jobs';
import { CheckpointKeeper } from '../checkpoint/checkpoint-keeper.js';
import { restarted } from '../checkpoint/partition-transitions.js';
import type { EngineSettings } from '../partition/engine-settings.js';
import { withRules } from '../partition/generation-rules.js';
import { PartitionSession, type SessionEnd } from '../partition/partition-session.js';
import { SessionInbox } from '../partition/session-inbox.js';
import { ConflictWatch } from '../progress/conflict-watch.js';
import { initialPosition, loadPosition } from '../stream/position.js';
import { decideFailure, type FailureDecision } from './failure-decision.js';
import { JobLedger } from './job-ledger.js';
import type { RunnerDependencies } from './session-opener.js';
import { isResyncAutomatic } from './automatic-resync.js';
import { conditionOf, StatusBoard } from './status-board.js';

/**
 * Why a runner is told to stop:
 * - `stopped`: the operator wants it stopped; its jobs end
 * - `paused`: its jobs pause
 * - `released`: another worker, or this one later, goes on with the same jobs
 * - `retired`: another generation carries the jobs on
 */
export type StopReason = 'stopped' | 'paused' | 'released' | 'retired';

/** A session that lived this long had recovered: its end counts as a first failure again. */
const RECOVERED_AFTER_MS = 30_000;

/** Time between two looks for the resync that helps, milliseconds. */
const RESYNC_LOOK_MS = 2_000;

export interface ConnectorRunnerOptions extends RunnerDependencies {
  readonly connector: Connector;
  /** The generation of the partition, as it stood at the claim. */
  readonly generation: Generation;
  readonly lease: PartitionLease;
  readonly settings: EngineSettings;
  /** Why the partition is not to be worked on: its lease is only taken to tell it. Null when it is to run. */
  readonly heldBack: LockstepError | null;
}

/** Keeps one partition of a connector running while its lease is ours: session after session, until stopped. */
export class ConnectorRunner {
  private readonly inbox = new SessionInbox();
  private readonly stopping = new AbortController();
  private readonly status: StatusBoard;
  private readonly ledger: JobLedger;
  private reason: StopReason = 'released';
  private running: Promise<void> | null = null;
  private attempt = 0;
  private isFinished = false;

  constructor(private readonly options: ConnectorRunnerOptions) {
    const { connector, generation, lease, events, clock, jobs, settings } = options;
    this.status = new StatusBoard({
      connectorId: connector.id,
      partition: lease.partition,
      clock,
      events,
      save: (change) => lease.save(change),
    });
    const ownJobId = generation.state === 'serving' ? null : generation.jobId;
    this.ledger = new JobLedger({ connector, jobs, lease, events, clock, ownJobId, reportMs: settings.reportMs });
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
        reached('session.failed');
        this.options.events.emit({
          type: 'session.failed',
          connectorId: this.connector.id,
          code: error.code,
          detail: describeCause(error),
        });
        if (decision.kind === 'leave') break;
        if (await this.isGivenUp(decision, error)) break;
        await this.handle(decision, error, signal);
      }
      if (!this.options.lease.signal.aborted) await this.settle();
    } catch (error) {
      if (!hasCode(error, 'JOB_LEASE_LOST')) this.tellTrouble('SessionEnded', asLockstepError(error));
    } finally {
      await this.release();
      this.isFinished = true;
    }
  }

  /** Tells why nobody works on the partition; what is told stands until somebody does. */
  private async holdBack(signal: AbortSignal): Promise<void> {
    const { heldBack } = this.options;
    if (heldBack === null) return;
    this.stopping.abort();
    await this.ledger.load();
    const decision = decideFailure(heldBack, 1);
    if (!(await this.isGivenUp(decision, heldBack))) await this.handle(decision, heldBack, signal);
  }

  /** @returns what ended the session */
  private async session(signal: AbortSignal): Promise<LockstepError | SessionEnd> {
    const { generation, generations, partitions, lease, opener, clock, events, settings } = this.options;
    const { connector: definition } = this.options;
    const rules = lease.state.identity?.rules;
    const connector = rules === undefined ? definition : withRules(definition, rules);
    try {
      this.status.observe('starting');
      await this.ledger.load();
      const ports = await opener.open(connector);
      try {
        const stored = lease.state.position;
        const position =
          stored === null ? initialPosition(await this.firstTime(ports.source, signal)) : loadPosition(stored);
        reached('session.opened');
        const { checkpointMs, idleCheckpointMs } = settings;
        const checkpoint = new CheckpointKeeper({ lease, events, clock, checkpointMs, idleCheckpointMs }, position);
        const context = {
          connector,
          definition,
          generation,
          generations,
          partitions,
          lease,
          source: ports.source,
          sink: ports.sink,
          repairs: ports.repairsOf(lease.key.generation),
          events,
          clock,
          settings,
          ledger: this.ledger,
          status: this.status,
          checkpoint,
          conflicts: new ConflictWatch(this.status, clock),
          targets: new Map(),
        };
        return await new PartitionSession(context, this.inbox, signal).run();
      } finally {
        await ports.close();
      }
    } catch (error) {
      return asLockstepError(error);
    }
  }

  /** The server is checked before its time is asked for, so that a standalone is named as what it is. */
  private async firstTime(source: SourcePort, signal: AbortSignal): Promise<ClusterTime> {
    await source.describe(signal);
    return source.majorityTime(signal);
  }

  /**
   * A generation on its way to serve ends with the first error that needs a person: the one that serves goes on,
   * and the resync can be asked for again. Past the point of no return it is tried again like a serving one.
   */
  private async isGivenUp(decision: FailureDecision, error: LockstepError): Promise<boolean> {
    const { generation, generations, lease } = this.options;
    if (generation.state === 'serving' || decision.kind === 'retry') return false;
    // Stored first: whoever finds the generation given up and the job not ended knows why.
    await this.ledger.trouble(error, this.tellTrouble('Failed', error));
    const plan = await generations.abandon(lease.key.connectorId, generation.number);
    const now = plan.generations.find(({ number }) => number === generation.number);
    if (now !== undefined && isArriving(now)) return false;
    await this.ledger.fail(error);
    this.status.clearAll();
    this.status.observe('idle');
    return true;
  }

  private async handle(decision: FailureDecision, error: LockstepError, signal: AbortSignal): Promise<void> {
    switch (decision.kind) {
      case 'retry':
        if (decision.delayMs === 0) return;
        this.status.observe('waiting');
        await this.ensureJob();
        await this.ledger.trouble(error, this.tellTrouble('Waiting', error));
        await this.inbox.arrival(decision.delayMs, signal);
        return;
      case 'fail':
        await this.ensureJob();
        // The job of a generation that switches is past failing.
        if (this.isServing) await this.ledger.fail(error);
        this.tellTrouble('Failed', error);
        this.status.observe('failed');
        await this.inbox.arrival(decision.delayMs, signal);
        return;
      case 'resyncRequired':
        await this.ledger.fail(error);
        this.status.clear('headroom');
        this.tellTrouble('ResyncRequired', error);
        this.status.observe('resync_required');
        await this.resyncByPolicy(error);
        await this.awaitResync(signal);
        return;
      case 'leave':
        return;
    }
  }

  private get isServing(): boolean {
    return this.options.generation.state === 'serving';
  }

  /** A job that was asked for and could not even begin tells its trouble like one under way. */
  private async ensureJob(): Promise<void> {
    if (!this.isServing) return;
    if (this.ledger.bulk === null && this.ledger.stream === null) await this.ledger.adoptAnyPending();
  }

  private async resyncByPolicy(error: LockstepError): Promise<void> {
    const { source, sink } = this.connector.config;
    const newest = await this.ledger.newestBulk();
    if (!isResyncAutomatic({ policy: source.onHistoryLost ?? 'wait', code: error.code, newest })) return;
    // Where the targets were never filled there is nothing to go on serving meanwhile.
    const canServe = sink.layout === 'alias' && !isInitialSyncDue(this.options.lease.state);
    await this.ledger.ask(canServe ? 'newGeneration' : 'inPlace');
  }

  private async awaitResync(signal: AbortSignal): Promise<void> {
    for (;;) {
      if (signal.aborted) return;
      // One that was offered before may have ended with the others.
      const asked = this.inbox.takeResync();
      if (asked !== null && (await this.ledger.isPending(asked.id))) break;
      await this.inbox.arrival(RESYNC_LOOK_MS, signal);
    }
    await this.options.lease.save(restarted);
    reached('position.forgotten');
    this.attempt = 0;
  }

  private tellTrouble(reason: string, error: LockstepError): ReturnType<typeof conditionOf> {
    const condition = conditionOf(reason, error.code, error.message, this.options.clock.nowMs());
    this.status.set('session', [condition]);
    return condition;
  }

  /** What becomes of the jobs when the runner stops. */
  private async settle(): Promise<void> {
    reached('jobs.settling');
    await this.ledger.load();
    if (this.reason === 'retired') {
      this.status.clearAll();
      this.status.observe('idle');
    }
    if (this.reason === 'paused') {
      await this.ledger.pauseAll();
      this.status.clearAll();
      this.status.observe('paused');
    }
    if (this.reason === 'stopped') {
      await this.ledger.cancelAll();
      this.status.clearAll();
      this.status.observe('idle');
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
