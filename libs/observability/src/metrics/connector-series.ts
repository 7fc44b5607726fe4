import type { DomainEvent, ObservedState } from '@lockstep/contracts';
import type { Meter } from './meter.js';
import { CONNECTOR_COUNTERS, CONNECTOR_GAUGES, STATE_GAUGE } from './metrics-catalogue.js';

const STATES: Readonly<Record<ObservedState, true>> = {
  idle: true,
  starting: true,
  scanning: true,
  streaming: true,
  waiting: true,
  paused: true,
  resync_required: true,
  attention: true,
  failed: true,
};

/** Keeps the series of connectors: counters at 0 from the first sight on, gauges only while a lease is held. */
export class ConnectorSeries {
  private readonly known = new Set<string>();

  constructor(private readonly metrics: Meter) {}

  follow(event: DomainEvent): void {
    if ('connectorId' in event) this.meet(event.connectorId);
    if (event.type === 'connector.observed') this.showState(event.connectorId, event.state);
    if (event.type === 'lease.lost' || event.type === 'lease.released') this.leave(event.connectorId);
  }

  private meet(connector: string): void {
    if (this.known.has(connector)) return;
    this.known.add(connector);
    for (const name of CONNECTOR_COUNTERS) this.metrics.add(name, { connector }, 0);
  }

  private showState(connector: string, current: ObservedState): void {
    for (const state of Object.keys(STATES)) {
      this.metrics.set(STATE_GAUGE, { connector, state }, state === current ? 1 : 0);
    }
  }

  private leave(connector: string): void {
    for (const name of CONNECTOR_GAUGES) this.metrics.remove(name, { connector });
    for (const state of Object.keys(STATES)) this.metrics.remove(STATE_GAUGE, { connector, state });
  }
}
