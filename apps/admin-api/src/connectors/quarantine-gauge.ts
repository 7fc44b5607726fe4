import { Injectable } from '@nestjs/common';
import { sleep } from '@lockstep/core';
import { PartitionStore } from '@lockstep/jobs';
import { Metrics } from '@lockstep/observability';

const METRIC = 'lockstep_connector_quarantined';
/** A scrape waits no longer than this for the state, milliseconds. */
const PATIENCE_MS = 2_000;

/** Tells which connectors are left alone: no worker holds them, so none has a figure of theirs. */
@Injectable()
export class QuarantineGauge {
  private shown: ReadonlySet<string> = new Set();

  constructor(
    private readonly partitions: PartitionStore,
    private readonly metrics: Metrics,
  ) {}

  /** Looked up when somebody asks, absent while the state cannot be read. Never throws. */
  async measure(): Promise<void> {
    const patience = new AbortController();
    const none = new Set<string>();
    const given = sleep(PATIENCE_MS, patience.signal).catch(() => undefined);
    const found = await Promise.race([this.find().catch(() => none), given.then(() => none)]);
    patience.abort();
    for (const connector of this.shown) if (!found.has(connector)) this.metrics.remove(METRIC, { connector });
    for (const connector of found) this.metrics.set(METRIC, { connector }, 1);
    this.shown = found;
  }

  private async find(): Promise<ReadonlySet<string>> {
    return new Set((await this.partitions.listQuarantined()).map(({ connectorId }) => connectorId));
  }
}
