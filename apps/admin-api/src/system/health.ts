import { asLockstepError, type Clock, systemClock } from '@lockstep/core';
import { type ElasticClient, probeElasticsearch } from '@lockstep/elastic';
import type { KeySource } from '../keys/key-source.js';
import type { StateBootstrap } from '../state/state-bootstrap.js';

export interface CheckReport {
  readonly isHealthy: boolean;
  /** Code of what is wrong; null when nothing is. */
  readonly code: string | null;
}

export interface ReadyReport {
  readonly status: 'ready' | 'not_ready';
  readonly checks: {
    readonly elasticsearch: CheckReport;
    readonly stateIndices: CheckReport;
    readonly keys: CheckReport;
  };
}

export interface SeenElasticsearch {
  readonly check: CheckReport;
  readonly version: string | null;
}

/** The route is open to everybody: however often it is asked, the store is asked this seldom, milliseconds. */
const PROBE_EVERY_MS = 1_000;
const HEALTHY: CheckReport = { isHealthy: true, code: null };
const failing = (error: unknown): CheckReport => ({ isHealthy: false, code: asLockstepError(error).code });

/** Whether the API can do its work. */
export class Health {
  #probe: { readonly atMs: number; readonly result: Promise<SeenElasticsearch> } | null = null;

  constructor(
    private readonly client: ElasticClient,
    private readonly bootstrap: StateBootstrap,
    private readonly keys: KeySource,
    private readonly clock: Clock = systemClock,
  ) {}

  async ready(): Promise<ReadyReport> {
    const { check: elasticsearch } = await this.elasticsearch();
    const stateIndices = checkOf(() => this.bootstrap.installationId());
    const keys = checkOf(() => this.keys.ring());
    const isReady = elasticsearch.isHealthy && stateIndices.isHealthy && keys.isHealthy;
    return { status: isReady ? 'ready' : 'not_ready', checks: { elasticsearch, stateIndices, keys } };
  }

  elasticsearch(): Promise<SeenElasticsearch> {
    const nowMs = this.clock.monotonicMs();
    if (this.#probe === null || nowMs - this.#probe.atMs > PROBE_EVERY_MS) {
      this.#probe = { atMs: nowMs, result: this.#look() };
    }
    return this.#probe.result;
  }

  async #look(): Promise<SeenElasticsearch> {
    try {
      const { version } = await probeElasticsearch(this.client);
      return { check: HEALTHY, version };
    } catch (error) {
      return { check: failing(error), version: null };
    }
  }
}

function checkOf(look: () => unknown): CheckReport {
  try {
    look();
    return HEALTHY;
  } catch (error) {
    return failing(error);
  }
}
