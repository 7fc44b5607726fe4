import { worstState, type DomainEvent, type ObservedState } from '@lockstep/contracts';
import type { Meter } from './meter.js';
import { CONNECTOR_COUNTERS, STATE_GAUGE, type MetricName } from './metrics-catalogue.js';

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

/** What the partitions of a connector tell, and how their figures make one: the one that asks for attention first. */
const FIGURES = {
  lockstep_connector_conditions: (values) => values.reduce((sum, value) => sum + value),
  lockstep_stream_lag_seconds: (values) => Math.max(...values),
  lockstep_oplog_headroom_seconds: (values) => Math.min(...values),
  lockstep_oplog_window_seconds: (values) => Math.min(...values),
  lockstep_checkpoint_timestamp_seconds: (values) => Math.min(...values),
} as const satisfies Partial<Record<MetricName, (values: readonly number[]) => number>>;

type FigureName = keyof typeof FIGURES;
const FIGURE_NAMES = Object.keys(FIGURES) as FigureName[];

function seconds(durationMs: number | null): number | null {
  return durationMs === null ? null : durationMs / 1_000;
}

/** What one partition told last. */
interface Told {
  state: ObservedState | null;
  readonly figures: Map<FigureName, number>;
}

/**
 * Keeps the series of connectors: counters at 0 from the first sight on; gauges while a lease is held, joined from
 * all partitions of the connector whose leases are.
 */
export class ConnectorSeries {
  private readonly known = new Set<string>();
  /** By connector, then by partition. */
  private readonly held = new Map<string, Map<string, Told>>();

  constructor(private readonly metrics: Meter) {}

  /** @param nowMs wall clock */
  follow(event: DomainEvent, nowMs: number): void {
    if ('connectorId' in event) this.meet(event.connectorId);
    switch (event.type) {
      case 'lease.claimed':
        this.partitionsOf(event.connectorId).set(event.partition, { state: null, figures: new Map() });
        return;
      case 'lease.lost':
      case 'lease.released':
        this.leave(event.connectorId, event.partition);
        return;
      case 'connector.observed':
        this.tell(event, { lockstep_connector_conditions: event.conditions.length }, event.state);
        return;
      case 'lag.measured':
        this.tell(event, { lockstep_stream_lag_seconds: seconds(event.lagMs) });
        return;
      case 'headroom.measured':
        this.tell(event, {
          lockstep_oplog_headroom_seconds: seconds(event.headroom?.headroomMs ?? null),
          lockstep_oplog_window_seconds: seconds(event.headroom?.windowMs ?? null),
        });
        return;
      case 'checkpoint.saved':
        this.tell(event, { lockstep_checkpoint_timestamp_seconds: Math.floor(nowMs / 1_000) });
        return;
      default:
    }
  }

  private meet(connector: string): void {
    if (this.known.has(connector)) return;
    this.known.add(connector);
    for (const name of CONNECTOR_COUNTERS) this.metrics.add(name, { connector }, 0);
  }

  /** What is told after the lease is over is no longer so. */
  private tell(
    { connectorId, partition }: { readonly connectorId: string; readonly partition: string },
    figures: Partial<Record<FigureName, number | null>>,
    state?: ObservedState,
  ): void {
    const told = this.held.get(connectorId)?.get(partition);
    if (told === undefined) return;
    if (state !== undefined) told.state = state;
    for (const name of FIGURE_NAMES) {
      const value = figures[name];
      if (value === null) told.figures.delete(name);
      else if (value !== undefined) told.figures.set(name, value);
    }
    this.show(connectorId);
  }

  private leave(connector: string, partition: string): void {
    const partitions = this.partitionsOf(connector);
    partitions.delete(partition);
    if (partitions.size === 0) this.held.delete(connector);
    this.show(connector);
  }

  private show(connector: string): void {
    const told = [...(this.held.get(connector)?.values() ?? [])];
    for (const name of FIGURE_NAMES) {
      const values = told.flatMap(({ figures }) => figures.get(name) ?? []);
      if (values.length === 0) this.metrics.remove(name, { connector });
      else this.metrics.set(name, { connector }, FIGURES[name](values));
    }
    const states = told.flatMap(({ state }) => state ?? []);
    for (const state of Object.keys(STATES)) {
      if (states.length === 0) this.metrics.remove(STATE_GAUGE, { connector, state });
      else this.metrics.set(STATE_GAUGE, { connector, state }, state === worstState(states) ? 1 : 0);
    }
  }

  private partitionsOf(connector: string): Map<string, Told> {
    const known = this.held.get(connector) ?? new Map<string, Told>();
    this.held.set(connector, known);
    return known;
  }
}
