import { Injectable } from '@nestjs/common';
import { ConnectorStore } from '@lockstep/config-store';
import { sleep } from '@lockstep/core';
import { DeadLetterStore } from '@lockstep/elastic-sink';
import { GenerationStore, restingByConnector } from '@lockstep/jobs';
import { Metrics } from '@lockstep/observability';

const METRIC = 'lockstep_open_dead_letters';
const PAGE_CONNECTORS = 200;
/** A scrape waits no longer than this for the state, milliseconds. */
const PATIENCE_MS = 2_000;

/** Keeps the gauge of open dead letters: counted when somebody asks, absent while the state cannot be read. */
@Injectable()
export class OpenLetterGauge {
  private shown: ReadonlyMap<string, number> = new Map();

  constructor(
    private readonly connectors: ConnectorStore,
    private readonly generations: GenerationStore,
    private readonly deadLetters: DeadLetterStore,
    private readonly metrics: Metrics,
  ) {}

  /** Never throws: the other metrics are told in any case. */
  async measure(): Promise<void> {
    const patience = new AbortController();
    const nothing = new Map<string, number>();
    const given = sleep(PATIENCE_MS, patience.signal).catch(() => undefined);
    const counts = await Promise.race([this.count().catch(() => nothing), given.then(() => nothing)]);
    patience.abort();
    for (const connector of this.shown.keys()) if (!counts.has(connector)) this.metrics.remove(METRIC, { connector });
    for (const [connector, count] of counts) this.metrics.set(METRIC, { connector }, count);
    this.shown = counts;
  }

  private async count(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (let pageToken: string | null | undefined; pageToken !== null;) {
      const page = await this.connectors.list({
        pageSize: PAGE_CONNECTORS,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      const ids = page.items.map(({ id }) => id);
      const resting = restingByConnector(await this.generations.list(ids));
      for (const [id, count] of await this.deadLetters.openCounts(ids, resting)) counts.set(id, count);
      pageToken = page.nextPageToken;
    }
    return counts;
  }
}
