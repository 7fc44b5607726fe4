import { systemClock, type Clock } from '@lockstep/core';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { DomainEventListener } from '../events/domain-event-bus.js';
import { ConnectorSeries } from './connector-series.js';
import type { Meter, MetricLabels } from './meter.js';
import { measure } from './measure.js';
import { METRICS_CATALOGUE, type MetricDefinition, type MetricName } from './metrics-catalogue.js';

export interface MetricsOptions {
  /**
   * Whether the process' own metrics (memory, CPU, event loop) are there too.
   * @defaultValue true
   */
  readonly includesProcess?: boolean;
  /** @defaultValue the system's */
  readonly clock?: Clock;
}

/** The metrics of a process, as the catalogue lists them. */
export class Metrics implements Meter {
  readonly registry = new Registry();
  private readonly counters = new Map<MetricName, Counter>();
  private readonly gauges = new Map<MetricName, Gauge>();
  private readonly clock: Clock;
  private readonly histograms = new Map<MetricName, Histogram>();

  constructor(options: MetricsOptions = {}) {
    this.clock = options.clock ?? systemClock;
    for (const definition of METRICS_CATALOGUE) this.register(definition.name, definition);
    if (options.includesProcess ?? true) collectDefaultMetrics({ register: this.registry });
  }

  /** A listener for the domain event bus. */
  subscriber(): DomainEventListener {
    const series = new ConnectorSeries(this);
    return (event) => {
      series.follow(event, this.clock.nowMs());
      measure(this, event);
    };
  }

  /** Prometheus text format. */
  render(): Promise<string> {
    return this.registry.metrics();
  }

  add(name: MetricName, labels: MetricLabels = {}, value = 1): void {
    this.counters.get(name)?.inc(labels, value);
  }

  set(name: MetricName, labels: MetricLabels, value: number): void {
    this.gauges.get(name)?.set(labels, value);
  }

  shift(name: MetricName, value: number): void {
    this.gauges.get(name)?.inc(value);
  }

  observe(name: MetricName, labels: MetricLabels, value: number): void {
    this.histograms.get(name)?.observe(labels, value);
  }

  remove(name: MetricName, labels: MetricLabels): void {
    this.gauges.get(name)?.remove(labels);
  }

  private register(name: MetricName, definition: MetricDefinition): void {
    const configuration = {
      name,
      help: definition.help,
      labelNames: [...definition.labels],
      registers: [this.registry],
    };
    switch (definition.type) {
      case 'counter':
        this.counters.set(name, new Counter(configuration));
        return;
      case 'gauge':
        this.gauges.set(name, new Gauge(configuration));
        return;
      case 'histogram':
        this.histograms.set(name, new Histogram({ ...configuration, buckets: [...(definition.buckets ?? [])] }));
    }
  }
}
