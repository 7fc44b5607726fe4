import type { MetricName } from './metrics-catalogue.js';

export type MetricLabels = Readonly<Record<string, string>>;

/** Where figures go. Names that are of another type than the method means are ignored. */
export interface Meter {
  /** Adds to a counter. @param value 1 unless told */
  add(name: MetricName, labels?: MetricLabels, value?: number): void;
  /** Sets a gauge. */
  set(name: MetricName, labels: MetricLabels, value: number): void;
  /** Adds to a gauge without labels; less with a negative value. */
  shift(name: MetricName, value: number): void;
  /** Puts a value into a histogram, in the unit of its name. */
  observe(name: MetricName, labels: MetricLabels, value: number): void;
  /** Removes a series of a gauge: what it told is not known any more. */
  remove(name: MetricName, labels: MetricLabels): void;
}
