import type { WorkerLive } from '@lockstep/contracts';
import type { DocumentStore } from '@lockstep/elastic';
import type { WorkerListing } from '@lockstep/jobs';

/** Workers whose live documents are read; more of them still work, but are not all shown live. */
const MAX_LIVE_WORKERS = 100;

/** What living workers show right now, by realtime GET: a search would be up to a second older. */
export class LiveDocuments {
  constructor(private readonly documents: DocumentStore<WorkerLive>) {}

  async of(workers: readonly WorkerListing[]): Promise<readonly WorkerLive[]> {
    const living = workers.filter((worker) => worker.isAlive).slice(0, MAX_LIVE_WORKERS);
    const found = await Promise.all(living.map((worker) => this.documents.get(`${worker.id}:live`)));
    const incarnations = new Set(living.map((worker) => worker.incarnation));
    return found.flatMap((stored) =>
      stored !== undefined && incarnations.has(stored.source.incarnation) ? [stored.source] : [],
    );
  }
}
