import { sleep } from '@lockstep/core';
import type { Metrics } from '@lockstep/observability';

/** A scrape waits no longer than this for the state, milliseconds. */
const PATIENCE_MS = 2_000;

export interface ScrapedGaugeParts {
  readonly metrics: Metrics;
  readonly name: Parameters<Metrics['set']>[0];
  /** The values by connector id. */
  readonly read: () => Promise<ReadonlyMap<string, number>>;
}

/** A gauge by connector that is looked up when somebody asks, and absent while the state cannot be read. */
export class ScrapedGauge {
  private shown: ReadonlyMap<string, number> = new Map();

  constructor(private readonly parts: ScrapedGaugeParts) {}

  /** Never throws: the other metrics are told in any case. */
  async measure(): Promise<void> {
    const { metrics, name, read } = this.parts;
    const patience = new AbortController();
    const nothing = new Map<string, number>();
    const given = sleep(PATIENCE_MS, patience.signal).catch(() => undefined);
    const values = await Promise.race([read().catch(() => nothing), given.then(() => nothing)]);
    patience.abort();
    for (const connector of this.shown.keys()) if (!values.has(connector)) metrics.remove(name, { connector });
    for (const [connector, value] of values) metrics.set(name, { connector }, value);
    this.shown = values;
  }
}
