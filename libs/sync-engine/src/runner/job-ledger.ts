import { hasCode, reached, type Clock, type LockstepError } from '@lockstep/core';
import type { Connector, EventSink, Job, JobError, JobPhase, JobType, PartitionState } from '@lockstep/contracts';
import {
  HeldJobs,
  isTerminal,
  type GenerationStore,
  type JobCommand,
  type JobReport,
  type JobStore,
  type PartitionLease,
} from '@lockstep/jobs';
import { withInheritedStream, withJob, type JobWork } from '../progress/job-figures.js';
import { JobMeter } from '../progress/job-meter.js';
import type { WorkLedger } from '../progress/work-ledger.js';
import { ConnectorJobs } from './connector-jobs.js';
import { JobTeller, type JobEntry } from './job-teller.js';

export interface JobLedgerOptions {
  readonly connector: Connector;
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  readonly lease: PartitionLease;
  readonly events: EventSink;
  readonly clock: Clock;
  /** Shortest time between two reports into a job document, milliseconds. */
  readonly reportMs: number;
  /** The one job of a generation that is on its way to serve; null for the one that serves. */
  readonly ownJobId: string | null;
}

/** The jobs that a partition is working for: which they are, what they have done, what is said about them. */
export class JobLedger implements WorkLedger {
  private readonly entries = new Map<JobType, JobEntry>();
  private readonly jobs: HeldJobs;
  private readonly teller: JobTeller;
  /** Those that are not taken up. */
  readonly found: ConnectorJobs;

  constructor(private readonly options: JobLedgerOptions) {
    this.jobs = new HeldJobs(options);
    this.found = new ConnectorJobs(options.connector, this.jobs);
    this.teller = new JobTeller({ ...options, entries: this.entries, jobs: this.jobs });
  }

  get shares(): readonly PartitionState[] {
    return this.teller.shares;
  }

  set shares(shares: readonly PartitionState[]) {
    this.teller.shares = shares;
  }

  get bulk(): Job | null {
    return this.entries.get('bulk_sync')?.job ?? null;
  }

  get stream(): Job | null {
    return this.entries.get('stream_sync')?.job ?? null;
  }

  /** Takes up the jobs that the partition's document names, where they are not over. */
  async load(): Promise<void> {
    const { lease, ownJobId } = this.options;
    const { bulkJobId, streamJobId } = lease.state;
    for (const id of ownJobId === null ? [bulkJobId, streamJobId] : [ownJobId]) {
      if (id !== null) await this.takeUp(id);
    }
  }

  /** Whether a job that was asked for still waits to be taken up. */
  async isPending(id: string): Promise<boolean> {
    return (await this.found.find(id))?.state === 'pending';
  }

  async isCanceled(id: string): Promise<boolean> {
    return (await this.found.find(id))?.state === 'canceled';
  }

  /** Takes up a job that was asked for, and names it in the partition's document. */
  async adopt(job: Job): Promise<void> {
    reached('job.adopting');
    await this.options.lease.save((state) => withJob(state, job));
    reached('job.adopted');
    await this.takeUp(job.id);
  }

  /**
   * Names the stream sync that goes on when the generation serves, in the partition's document: the one that is
   * given, while it is not over.
   */
  async inheritStream(jobId: string | null): Promise<void> {
    for (const id of [jobId, this.options.lease.state.streamJobId]) {
      const job = id === null ? null : await this.found.find(id);
      if (job === null || isTerminal(job.state)) continue;
      await this.options.lease.save((state) => withInheritedStream(state, job));
      return;
    }
    // An operator may have started the connector meanwhile.
    const next = await this.found.pendingOrOwn('stream_sync');
    await this.options.lease.save((state) => withInheritedStream(state, next));
  }

  /** The job of this type is running: one that was asked for, the one taken up, or a new one. */
  async ensureRunning(type: JobType, phase: JobPhase): Promise<void> {
    if (!this.entries.has(type)) await this.adopt(await this.found.pendingOrOwn(type));
    const entry = this.entries.get(type);
    if (entry === undefined) return;
    entry.meter.enter(phase);
    try {
      if (entry.job.state === 'pending') await this.command(type, { kind: 'start' });
      if (entry.job.state === 'paused') await this.command(type, { kind: 'resume' });
    } catch (error) {
      // An operator's command came first: it reaches us on its own way.
      if (!hasCode(error, 'JOB_STATE_CONFLICT')) throw error;
      return this.load();
    }
    const { error, condition, heldCollections } = entry.job;
    if (error === null && condition === null && heldCollections.length === 0) return;
    await this.teller.trouble(entry, null, { condition: null, heldCollections: [] });
  }

  async command(type: JobType, command: JobCommand): Promise<void> {
    const entry = this.entries.get(type);
    if (entry === undefined) return;
    reached('job.commanding');
    entry.job = await this.jobs.command(entry.job.id, command);
    reached('job.commanded');
    this.options.events.emit({
      type: 'job.changed',
      connectorId: entry.job.connectorId,
      jobId: entry.job.id,
      jobType: type,
      state: entry.job.state,
      code: entry.job.error?.code ?? null,
    });
    if (isTerminal(entry.job.state)) this.entries.delete(type);
  }

  /** Ends a job with its last figures. */
  async end(type: JobType, command: JobCommand): Promise<void> {
    const entry = this.entries.get(type);
    if (entry === undefined) return;
    entry.meter.enter('done');
    await this.jobs.report(entry.job.id, this.teller.snapshot(entry));
    this.teller.emit(entry);
    reached('job.ending');
    await this.command(type, command);
  }

  /** @returns false when an operator's pause or cancel came first: the job is not complete then */
  async complete(type: JobType): Promise<boolean> {
    try {
      await this.end(type, { kind: 'complete' });
      return true;
    } catch (error) {
      if (!hasCode(error, 'JOB_STATE_CONFLICT')) throw error;
      await this.load();
      return false;
    }
  }

  /** Every job under way ends with this error. */
  async fail(error: LockstepError): Promise<void> {
    const jobError: JobError = { code: error.code, message: error.message };
    for (const type of [...this.entries.keys()]) {
      try {
        await this.end(type, { kind: 'fail', error: jobError });
      } catch (failure) {
        // It ended on an operator's command meanwhile.
        if (!hasCode(failure, 'JOB_STATE_CONFLICT')) throw failure;
        this.entries.delete(type);
      }
    }
  }

  /** Takes up whatever job waits for this connector, so that it can be told what stands in the way. */
  async adoptAnyPending(): Promise<void> {
    const job = (await this.found.findPending('bulk_sync')) ?? (await this.found.findPending('stream_sync'));
    if (job !== null) await this.adopt(job);
  }

  async pauseAll(): Promise<void> {
    await this.report(true);
    for (const { job } of [...this.entries.values()]) {
      if (job.state === 'running') await this.command(job.type, { kind: 'pause' });
    }
  }

  async cancelAll(): Promise<void> {
    for (const { job } of [...this.entries.values()]) {
      const canceled = await this.jobs.command(job.id, { kind: 'cancel' });
      if (!isTerminal(canceled.state)) await this.end(job.type, { kind: 'canceled' });
    }
    this.entries.clear();
  }

  /** What stands in the way, shown in the jobs while they wait. */
  async trouble(error: LockstepError | null, condition: Job['condition']): Promise<void> {
    for (const entry of this.entries.values()) await this.teller.trouble(entry, error, { condition });
  }

  /** The bulk sync as it is stored now: with what an operator has confirmed. */
  async readBulk(): Promise<Job | null> {
    const entry = this.entries.get('bulk_sync');
    if (entry !== undefined) entry.job = await this.jobs.get(entry.job.id);
    return entry?.job ?? null;
  }

  /** A removal that was confirmed for the job's collections is not the one that may come now: it is asked for anew. */
  async takeBackConfirmations(collections: readonly string[]): Promise<void> {
    const entry = this.entries.get('bulk_sync');
    if (entry !== undefined) entry.job = await this.jobs.report(entry.job.id, { takenBack: collections });
  }

  /** Ends a job that was asked for and cannot be done. */
  async refuse(job: Job, error: LockstepError): Promise<void> {
    try {
      if (isTerminal((await this.jobs.takeUp(job.id)).state)) return;
      await this.jobs.command(job.id, { kind: 'fail', error: { code: error.code, message: error.message } });
    } catch (failure) {
      // An operator has canceled it meanwhile.
      if (!hasCode(failure, 'JOB_STATE_CONFLICT')) throw failure;
    }
  }

  /** What the brake holds, shown in the bulk sync. */
  async tellBulk(error: LockstepError | null, report: JobReport): Promise<void> {
    const entry = this.entries.get('bulk_sync');
    if (entry !== undefined) await this.teller.trouble(entry, error, report);
  }

  /** Writes count for the bulk sync while one runs and the stream sync does not, else by where they came from. */
  jobFor(type: JobType): Job | undefined {
    return this.entryFor(type)?.job;
  }

  meter(type: JobType): JobMeter | undefined {
    return this.entryFor(type)?.meter;
  }

  /** Changes of the stream are applied: counted with the position behind them. */
  applied(changes: number): readonly JobWork[] {
    const entry = this.entries.get('stream_sync');
    entry?.meter.advance(changes);
    return entry === undefined ? [] : [{ job: entry.job, changes }];
  }

  private entryFor(type: JobType): JobEntry | undefined {
    return this.entries.get(type) ?? this.entries.get(type === 'bulk_sync' ? 'stream_sync' : 'bulk_sync');
  }

  tell(): void {
    this.teller.tell();
  }

  /** Tells live figures, and stores them now and then. */
  async report(force = false): Promise<void> {
    await this.teller.report(force);
  }

  /** Nothing is done for a job before it is in our hands, and nothing for one that is over. */
  private async takeUp(id: string): Promise<void> {
    try {
      const job = await this.jobs.takeUp(id);
      if (isTerminal(job.state)) this.forget(id);
      else this.take(job);
    } catch (error) {
      if (!hasCode(error, 'JOB_UNKNOWN')) throw error;
      this.forget(id);
    }
  }

  private forget(id: string): void {
    for (const [type, { job }] of this.entries) if (job.id === id) this.entries.delete(type);
  }

  /** A job taken up before keeps its progress: it is younger than what is stored. */
  private take(job: Job): void {
    const known = this.entries.get(job.type);
    if (known?.job.id === job.id) known.job = job;
    else this.entries.set(job.type, { job, meter: new JobMeter(this.options.clock, job) });
  }
}
