import type { WorkerLive } from '@lockstep/contracts';
import type { DocumentStore } from '@lockstep/elastic';
import type { WorkerListing } from '@lockstep/jobs';

/** Workers whose live documents are read; more of them still work, but are not all shown live. */
const MAX_LIVE_WORKERS = 100;

/** What workers show right now, by realtime GET: a search would be up to a second older. */
export class LiveDocuments {
  constructor(private readonly documents: DocumentStore<WorkerLive>) {}

  /** Of living workers alone: what a dead one told of its speed is no longer so. */
  ofLiving(workers: readonly WorkerListing[]): Promise<readonly WorkerLive[]> {
    return this.of(workers.filter((worker) => worker.isAlive));
  }

  async of(workers: readonly WorkerListing[]): Promise<readonly WorkerLive[]> {
    const shown = workers.slice(0, MAX_LIVE_WORKERS);
    const found = await Promise.all(shown.map((worker) => this.documents.get(`${worker.id}:live`)));
    const incarnations = new Set(shown.map((worker) => worker.incarnation));
    return found.flatMap((stored) =>
      stored !== undefined && incarnations.has(stored.source.incarnation) ? [stored.source] : [],
    );
  }
}
