import type { DomainEvent } from '@lockstep/contracts';
import type { LogLine } from './log-line.js';

/** Lag from which an operator is warned, and below which it counts as caught up, milliseconds. */
const LAG_WARN_MS = 60_000;
const LAG_FINE_MS = 10_000;

/** Turns lag measurements into a warning when a bound is crossed and a line when all is well again. */
export class LagWatch {
  private readonly late = new Set<string>();

  lines(event: Extract<DomainEvent, { type: 'lag.measured' }>): readonly LogLine[] {
    const { connectorId, partition, lagMs } = event;
    if (lagMs === null) {
      this.late.delete(partition);
      return [];
    }
    const wasLate = this.late.has(partition);
    const isLate = wasLate ? lagMs > LAG_FINE_MS : lagMs > LAG_WARN_MS;
    if (isLate === wasLate) return [];
    const fields = { connectorId, partition, lagMs };
    if (isLate) {
      this.late.add(partition);
      return [{ level: 'warn', msg: 'the stream sync lags behind', fields }];
    }
    this.late.delete(partition);
    return [{ level: 'info', msg: 'the stream sync has caught up', fields }];
  }
}
