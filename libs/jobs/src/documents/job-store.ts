import type { Condition, Job, JobCounters, JobProgress, JobState, JobType } from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import type { JobCommand } from '../states/job-command.js';

export interface NewJob {
  /** Chosen by the caller where the creation may be repeated (see {@link newJobId}); else made here. */
  readonly id?: string;
  readonly type: JobType;
  readonly connectorId: string;
  readonly connectorName: string;
  readonly requestedBy: Job['requestedBy'];
  /** Namespaces to resync; null or absent is all of the connector. */
  readonly collections?: readonly string[] | null;
}

export interface JobQuery {
  readonly connectorId?: string;
  readonly type?: JobType;
  readonly state?: JobState | readonly JobState[];
  /** 1 … 200. @defaultValue 50 */
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface JobPage {
  readonly items: readonly Job[];
  readonly nextPageToken: string | null;
}

/** What a worker tells about its job. Absent: as it was. `condition: null`: nothing waits any more. */
export interface JobReport {
  readonly progress?: JobProgress;
  readonly counters?: JobCounters;
  readonly condition?: Condition | null;
}

const notBuilt = (): Promise<never> => Promise.reject(new Error('not built yet'));

export class JobStore {
  constructor(
    readonly client: ElasticClient,
    readonly prefix: string,
    readonly clock: Clock = systemClock,
  ) {}
  create(_input: NewJob): Promise<Job> {
    return notBuilt();
  }
  get(_id: string): Promise<Job> {
    return notBuilt();
  }
  list(_query: JobQuery = {}): Promise<JobPage> {
    return notBuilt();
  }
  command(_id: string, _command: JobCommand): Promise<Job> {
    return notBuilt();
  }
  report(_id: string, _report: JobReport): Promise<Job> {
    return notBuilt();
  }
}
