import type { WorkerListing } from '@lockstep/jobs';

export type WorkerView = Omit<WorkerListing, 'incarnation' | 'beat'>;

/** A worker as the API shows it: without what is only good for leases. */
export function workerView(worker: WorkerListing): WorkerView {
  const { id, version, host, pid, partitions, rssBytes, isAlive, ageMs, startedAt, beatAt } = worker;
  return { id, version, host, pid, partitions, rssBytes, isAlive, ageMs: Math.round(ageMs), startedAt, beatAt };
}
