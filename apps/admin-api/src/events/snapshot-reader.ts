import { Injectable } from '@nestjs/common';
import type { JobProgress, WorkerLive } from '@lockstep/contracts';
import { JobStore, WorkerDirectory } from '@lockstep/jobs';
import { ConnectorReader } from '../connectors/connector-reader.js';
import { type JobView, jobView } from '../jobs/job-view.js';
import { LiveDocuments } from '../workers/live-documents.js';
import { workerView } from '../workers/worker-view.js';
import type { LiveSnapshot, ShownChange, ShownLag } from './live-snapshot.js';

const MAX_CONNECTORS = 200;
const MAX_ACTIVE_JOBS = 200;
const MAX_RECENT_JOBS = 50;
const MAX_CHANGES = 200;
/** Also of a worker of an older version, which does not tell it. */
const UNKNOWN = { headroomMs: null, windowMs: null };

/** Looks at everything that is shown live. */
@Injectable()
export class SnapshotReader {
  constructor(
    private readonly connectors: ConnectorReader,
    private readonly jobs: JobStore,
    private readonly directory: WorkerDirectory,
    private readonly liveDocuments: LiveDocuments,
  ) {}

  async read(): Promise<LiveSnapshot> {
    const [connectors, workers, active, recent] = await Promise.all([
      this.connectors.list({ pageSize: MAX_CONNECTORS }),
      this.directory.list(),
      this.jobs.list({ state: ['pending', 'running', 'paused', 'canceling'], pageSize: MAX_ACTIVE_JOBS }),
      this.jobs.list({ pageSize: MAX_RECENT_JOBS }),
    ]);
    const lives = await this.liveDocuments.of(workers);
    const living = new Set(workers.filter((worker) => worker.isAlive).map((worker) => worker.incarnation));
    const alive = lives.filter((live) => living.has(live.incarnation));
    const jobs = new Map([...recent.items, ...active.items].map((job) => [job.id, jobView(job, alive)]));
    return {
      connectors: connectors.items,
      workers: workers.map(workerView),
      jobs: [...jobs.values()].sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1)),
      changes: changesOf(lives),
      lags: lagsOf([...jobs.values()], alive),
    };
  }
}

function changesOf(lives: readonly WorkerLive[]): readonly ShownChange[] {
  return lives
    .flatMap(({ workerId, changes }) => changes.map((change) => ({ ...change, workerId })))
    .sort((a, b) => (a.at === b.at ? a.sequence - b.sequence : a.at < b.at ? -1 : 1))
    .slice(-MAX_CHANGES);
}

function lagsOf(jobs: readonly JobView[], lives: readonly WorkerLive[]): readonly ShownLag[] {
  const shown = new Map(jobs.map((job) => [job.id, job]));
  return lives.flatMap(({ jobs: liveJobs, updatedAt: at }) =>
    liveJobs.flatMap(({ jobId, connectorId, progress }) => {
      if (progress.lagMs === null || !shown.has(jobId)) return [];
      const { lagMs, ratePerSecond } = progress;
      const { headroomMs, windowMs } = (progress as Partial<JobProgress>).headroom ?? UNKNOWN;
      return [{ connectorId, jobId, lagMs, headroomMs, windowMs, ratePerSecond, at }];
    }),
  );
}
