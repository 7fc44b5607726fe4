import type { WorkerHeartbeat, WorkerLive } from '@lockstep/contracts';
import { hasCode, systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient, type StoredDocument } from '@lockstep/elastic';
import type { HeartbeatDocument } from '../heartbeat/heartbeat-document.js';
import { LEASE_TTL_MS } from '../heartbeat/heartbeat-timing.js';
import { liveDocumentId, type LiveDocument } from '../live/live-document.js';
import { WorkerSightings } from './worker-sightings.js';

/** A worker as the API shows it. */
export interface WorkerListing extends WorkerHeartbeat {
  /** Its beat moved within the TTL. */
  readonly isAlive: boolean;
  /** Milliseconds since its beat was last seen to move. */
  readonly ageMs: number;
}

type WorkerDocument = HeartbeatDocument | LiveDocument;

const MAX_WORKERS = 1_000;

/** Who works, and what the workers show: for listing, up to a second old. One instance per process. */
export class WorkerDirectory {
  private readonly documents: DocumentStore<WorkerDocument>;
  private readonly sightings: WorkerSightings;

  constructor(
    client: ElasticClient,
    prefix: string,
    clock: Clock = systemClock,
    private readonly ttlMs = LEASE_TTL_MS,
  ) {
    this.documents = new DocumentStore(client, stateAlias(prefix, 'workers'));
    this.sightings = new WorkerSightings(clock);
  }

  /** Every worker that has a heartbeat document, the longest running first. */
  async list(): Promise<WorkerListing[]> {
    const found = await this.heartbeats();
    return found.map(({ source: { kind: _kind, ...worker } }) => {
      const { ageMs } = this.sightings.look(worker);
      return { ...worker, ageMs, isAlive: ageMs < this.ttlMs };
    });
  }

  /** The live documents of workers that have a heartbeat document, dead ones included until they are reaped. */
  async live(): Promise<WorkerLive[]> {
    const [{ documents }, heartbeats] = await Promise.all([
      this.documents.search({ query: { term: { kind: 'live' } }, sort: [{ workerId: 'asc' }], size: MAX_WORKERS }),
      this.heartbeats(),
    ]);
    const known = new Set(heartbeats.map(({ source }) => source.id));
    return documents
      .map(({ source }) => source)
      .filter((source) => source.kind === 'live')
      .filter(({ workerId }) => known.has(workerId))
      .map(({ kind: _kind, ...live }) => live);
  }

  /**
   * Removes the documents of workers whose beat has not moved for `deadForMs` milliseconds while this
   * directory watched: call it now and then, on one instance. Never below the time that a takeover needs,
   * and never by a foreign clock, as a holder without a document counts as gone at once.
   * @returns how many workers were removed
   */
  async reap(deadForMs: number): Promise<number> {
    let removed = 0;
    for (const worker of await this.heartbeats()) {
      if (this.sightings.look(worker.source).watchedMs < Math.max(deadForMs, 3 * LEASE_TTL_MS)) continue;
      if (await this.remove(worker)) removed += 1;
    }
    return removed;
  }

  private async remove(worker: StoredDocument<HeartbeatDocument>): Promise<boolean> {
    try {
      if (!(await this.documents.delete(worker))) return false;
    } catch (error) {
      // It has just moved: that worker lives.
      if (hasCode(error, 'CONFIG_VERSION_CONFLICT')) return false;
      throw error;
    }
    await this.documents.delete({ id: liveDocumentId(worker.source.id) });
    return true;
  }

  private async heartbeats(): Promise<StoredDocument<HeartbeatDocument>[]> {
    const { documents } = await this.documents.search({
      query: { term: { kind: 'heartbeat' } },
      sort: [{ startedAt: 'asc' }, { id: 'asc' }],
      size: MAX_WORKERS,
    });
    const heartbeats = documents.filter(isHeartbeat);
    this.sightings.keepOnly(heartbeats.map(({ source }) => source));
    return heartbeats;
  }
}

function isHeartbeat(document: StoredDocument<WorkerDocument>): document is StoredDocument<HeartbeatDocument> {
  return document.source.kind === 'heartbeat';
}
