import type { LeaseHolder } from '@lockstep/contracts';
import { systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient } from '@lockstep/elastic';
import type { HeartbeatDocument } from './heartbeat-document.js';
import { LEASE_TTL_MS, maxLookGapMs, takeoverGraceMs } from './heartbeat-timing.js';
import { observe, type HolderObservation, type Sighting, type WatchLimits } from './holder-observation.js';

export interface HolderObserverOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  /** Milliseconds. @defaultValue 10 000 */
  readonly ttlMs?: number;
  /** Added to the TTL before a takeover, milliseconds. @defaultValue half of the TTL */
  readonly graceMs?: number;
  /** @defaultValue the system's */
  readonly clock?: Clock;
}

/**
 * Watches the heartbeats of lease holders on behalf of a challenger. A holder without a document, or
 * whose worker has another incarnation by now, is gone at once; one whose beat stands still is gone
 * after TTL + grace of the challenger's own watching, which a time without a look of more than half of
 * the TTL begins anew.
 */
export class HolderObserver {
  private readonly documents: Pick<DocumentStore<HeartbeatDocument>, 'get'>;
  private readonly clock: Clock;
  private readonly limits: WatchLimits;
  private readonly sightings = new Map<string, Sighting>();

  constructor(options: HolderObserverOptions) {
    this.documents = new DocumentStore(options.client, stateAlias(options.prefix, 'workers'));
    this.clock = options.clock ?? systemClock;
    const ttlMs = options.ttlMs ?? LEASE_TTL_MS;
    const allowedMs = ttlMs + (options.graceMs ?? takeoverGraceMs(ttlMs));
    this.limits = { allowedMs, maxGapMs: maxLookGapMs(ttlMs) };
  }

  /** @throws the coded errors of Elasticsearch; what was seen before stays remembered. */
  async isAlive(holder: LeaseHolder): Promise<HolderObservation> {
    const askedAtMs = this.clock.monotonicMs();
    const found = (await this.documents.get(holder.workerId))?.source;
    const look = { found, askedAtMs, answeredAtMs: this.clock.monotonicMs() };
    const name = `${holder.workerId}/${holder.incarnation}`;
    // Recalled after the answer, as another look may have ended meanwhile.
    const { observation, sighting } = observe(holder, this.sightings.get(name) ?? null, look, this.limits);
    if (sighting === null) this.sightings.delete(name);
    else this.sightings.set(name, sighting);
    return observation;
  }
}
