import { Injectable } from '@nestjs/common';
import { ConnectorStore } from '@lockstep/config-store';
import { DeadLetterStore } from '@lockstep/elastic-sink';
import { GenerationStore, restingByConnector } from '@lockstep/jobs';
import { Metrics } from '@lockstep/observability';
import { ScrapedGauge } from '../system/scraped-gauge.js';

const PAGE_CONNECTORS = 200;

/** Open dead letters by connector. */
@Injectable()
export class OpenLetterGauge {
  private readonly gauge: ScrapedGauge;

  constructor(
    private readonly connectors: ConnectorStore,
    private readonly generations: GenerationStore,
    private readonly deadLetters: DeadLetterStore,
    metrics: Metrics,
  ) {
    this.gauge = new ScrapedGauge({ metrics, name: 'lockstep_open_dead_letters', read: () => this.count() });
  }

  /** Never throws. */
  measure(): Promise<void> {
    return this.gauge.measure();
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
