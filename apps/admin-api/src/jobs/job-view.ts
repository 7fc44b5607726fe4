import type { Job, JobProgress, LiveJob, WorkerLive } from '@lockstep/contracts';
import { isTerminal } from '@lockstep/jobs';

export type JobView = Omit<Job, 'etag'>;

/** What the workers tell about a job right now, the newest word of all of them. */
function newestOf(jobId: string, lives: readonly WorkerLive[]): LiveJob | undefined {
  let newest: { updatedAt: string; job: LiveJob } | undefined;
  for (const { jobs, updatedAt } of lives) {
    const job = jobs.find((candidate) => candidate.jobId === jobId);
    if (job !== undefined && (newest === undefined || updatedAt > newest.updatedAt)) newest = { updatedAt, job };
  }
  return newest?.job;
}

/** A stored job, overlaid with the newest live progress while it is not over. */
export function jobView(job: Job, lives: readonly WorkerLive[]): JobView {
  const { etag: _etag, ...view } = job;
  const live = isTerminal(job.state) ? undefined : newestOf(job.id, lives);
  if (live === undefined) return view;
  // A worker of an older version does not tell it.
  const headroom = (live.progress as Partial<JobProgress>).headroom ?? null;
  return { ...view, progress: { ...live.progress, headroom }, counters: live.counters };
}
