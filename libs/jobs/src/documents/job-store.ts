import type { Job } from '@lockstep/contracts';
import { backoffDelayMs, hasCode, LockstepError, sleep, systemClock, type Clock } from '@lockstep/core';
import {
  DocumentStore,
  stateAlias,
  type ElasticClient,
  type StoredDocument,
  type StoreWriteOptions,
} from '@lockstep/elastic';
import type { JobCommand } from '../states/job-command.js';
import { isTerminal, nextJob } from '../states/next-job.js';
import { assertCondition, type JobCondition } from './job-condition.js';
import { newJobDocument, toJob, toJobDocument, type JobDocument } from './job-document.js';
import { jobPage, jobSearch, pageSizeOf, type JobPage, type JobQuery } from './job-query.js';
import { reported, type JobReport } from './job-report.js';
import type { NewJob } from './new-job.js';
import { newJobId } from './sortable-id.js';

const CONFLICT_BACKOFF = { baseMs: 10, maxMs: 250 };
/** Writers of one job are an operator and a worker: more conflicts in a row than this mean something else. */
const MAX_CONFLICTS = 30;
/** What a person asks for is in the list that the person looks at next. */
const SEEN_AT_ONCE: ReadonlySet<JobCommand['kind']> = new Set<JobCommand['kind']>(['cancel', 'confirm']);

/**
 * The job documents. Every change is a compare-and-set on what a realtime GET gave, decided anew when
 * somebody else was faster, so that of two commands neither is lost.
 */
export class JobStore {
  private readonly documents: DocumentStore<JobDocument>;

  constructor(
    client: ElasticClient,
    prefix: string,
    private readonly clock: Clock = systemClock,
  ) {
    this.documents = new DocumentStore(client, stateAlias(prefix, 'jobs'));
  }

  /** Makes a pending job. With an `id` of the caller's it may be repeated: the job that is there is given back. */
  async create(input: NewJob): Promise<Job> {
    const id = input.id ?? newJobId(this.clock.nowMs());
    const document = newJobDocument(id, input, this.nowIso());
    try {
      return toJob(await this.documents.create(id, document, { refresh: input.requestedBy !== 'system' }));
    } catch (error) {
      // The answer may have been lost after the write: the id is ours alone, so it can be looked up.
      const existing = await this.documents.get(id);
      if (existing === undefined) throw error;
      return toJob(existing);
    }
  }

  /** @throws LockstepError JOB_UNKNOWN */
  async get(id: string): Promise<Job> {
    const stored = await this.documents.get(id);
    if (stored === undefined) throw new LockstepError('JOB_UNKNOWN', `there is no job ${id}`);
    return toJob(stored);
  }

  /**
   * Newest first; up to a second old.
   * @throws LockstepError API_REQUEST_INVALID for a bad page size or token.
   */
  async list(query: JobQuery = {}): Promise<JobPage> {
    const { documents } = await this.documents.search(jobSearch(query));
    return jobPage(documents.map(toJob), pageSizeOf(query));
  }

  /**
   * @throws LockstepError JOB_UNKNOWN, JOB_STATE_CONFLICT when the job's state does not allow it; JOB_LEASE_LOST or
   * CONFIG_VERSION_CONFLICT when the condition does not hold.
   */
  command(id: string, command: JobCommand, condition: JobCondition = {}): Promise<Job> {
    const options = { refresh: SEEN_AT_ONCE.has(command.kind) };
    return this.change(id, (job) => nextJob(job, command, this.nowIso()), { condition, options });
  }

  /**
   * What the worker of the job tells. A job that is over stays as it is.
   * @throws LockstepError JOB_UNKNOWN; JOB_LEASE_LOST or CONFIG_VERSION_CONFLICT when the condition does not hold.
   */
  report(id: string, report: JobReport, condition: JobCondition = {}): Promise<Job> {
    return this.change(id, (job) => reported(job, report, this.nowIso()), { condition, options: {} });
  }

  /**
   * Puts the job into the hands of a lease's holder: what others write under theirs is refused from now on. A job that is
   * over stays as it is.
   * @param prove asked after the job is read and before it is written, each time; throws when it is not the holder's
   * @throws LockstepError JOB_UNKNOWN; what `prove` throws
   */
  takeUp(id: string, lease: string, prove: () => Promise<void>): Promise<Job> {
    const decide = async ({ source }: StoredDocument<JobDocument>): Promise<JobDocument | null> => {
      if (source.takenUpBy === lease || isTerminal(source.state)) return null;
      await prove();
      return { ...source, takenUpBy: lease };
    };
    return this.update(id, decide, {});
  }

  private change(
    id: string,
    change: (job: Job) => Job,
    { condition, options }: { readonly condition: JobCondition; readonly options: StoreWriteOptions },
  ): Promise<Job> {
    const decide = (stored: StoredDocument<JobDocument>): JobDocument | null => {
      assertCondition(stored, condition);
      const job = toJob(stored);
      const next = change(job);
      return next === job ? null : toJobDocument(next, stored.source);
    };
    return this.update(id, decide, options);
  }

  /** @param decide what is to be stored; null when that is what is stored already */
  private async update(
    id: string,
    decide: (stored: StoredDocument<JobDocument>) => JobDocument | null | Promise<JobDocument | null>,
    options: StoreWriteOptions,
  ): Promise<Job> {
    for (let conflicts = 1; ; conflicts += 1) {
      const stored = await this.documents.get(id);
      if (stored === undefined) throw new LockstepError('JOB_UNKNOWN', `there is no job ${id}`);
      const next = await decide(stored);
      if (next === null) return toJob(stored);
      try {
        return toJob(await this.documents.replace(stored, next, options));
      } catch (error) {
        if (!hasCode(error, 'CONFIG_VERSION_CONFLICT') || conflicts >= MAX_CONFLICTS) throw error;
      }
      await sleep(backoffDelayMs(conflicts, CONFLICT_BACKOFF));
    }
  }

  private nowIso(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }
}
