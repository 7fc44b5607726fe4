import type { DomainEvent, LiveJob, RecentChange } from '@lockstep/contracts';
import { isTerminal } from '../states/next-job.js';

/** How many of the latest changes are shown. */
export const LIVE_RING_CHANGES = 100;

/** What a worker has to show right now, gathered from domain events. No I/O. */
export class LiveBoard {
  private readonly byJobId = new Map<string, LiveJob>();
  private readonly ring: RecentChange[] = [];
  private sequence = 0;
  private hasNews = false;

  apply(event: DomainEvent): void {
    switch (event.type) {
      case 'change.applied':
        this.sequence += 1;
        this.ring.push({ ...event.change, sequence: this.sequence });
        if (this.ring.length > LIVE_RING_CHANGES) this.ring.shift();
        this.hasNews = true;
        return;
      case 'job.progressed':
        this.progressed({
          jobId: event.jobId,
          connectorId: event.connectorId,
          type: event.jobType,
          progress: event.progress,
          counters: event.counters,
        });
        return;
      case 'job.changed':
        if (isTerminal(event.state)) this.remove((job) => job.jobId === event.jobId);
        return;
      case 'lease.lost':
      case 'lease.released':
        // Another worker shows it from now on; where this one still has a partition, its next progress does.
        this.remove((job) => job.connectorId === event.connectorId);
        return;
      default:
    }
  }

  /** What has changed since it was last taken; null when nothing has. */
  take(): { readonly jobs: readonly LiveJob[]; readonly changes: readonly RecentChange[] } | null {
    if (!this.hasNews) return null;
    this.hasNews = false;
    return { jobs: [...this.byJobId.values()], changes: [...this.ring] };
  }

  /** What was taken did not arrive: it is news again. */
  giveBack(): void {
    this.hasNews = true;
  }

  private progressed(job: LiveJob): void {
    const before = this.byJobId.get(job.jobId);
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(job)) return;
    this.byJobId.set(job.jobId, job);
    this.hasNews = true;
  }

  private remove(isOver: (job: LiveJob) => boolean): void {
    for (const job of [...this.byJobId.values()]) {
      if (!isOver(job)) continue;
      this.byJobId.delete(job.jobId);
      this.hasNews = true;
    }
  }
}
