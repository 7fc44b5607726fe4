import { Injectable } from '@nestjs/common';
import { PartitionStore } from '@lockstep/jobs';
import { Metrics } from '@lockstep/observability';
import { ScrapedGauge } from '../system/scraped-gauge.js';

/** Tells which connectors are left alone: no worker holds them, so none has a figure of theirs. */
@Injectable()
export class QuarantineGauge {
  private readonly gauge: ScrapedGauge;

  constructor(
    private readonly partitions: PartitionStore,
    metrics: Metrics,
  ) {
    this.gauge = new ScrapedGauge({ metrics, name: 'lockstep_connector_quarantined', read: () => this.find() });
  }

  /** Never throws. */
  measure(): Promise<void> {
    return this.gauge.measure();
  }

  private async find(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.partitions.listQuarantined()).map(({ connectorId }) => [connectorId, 1]));
  }
}
