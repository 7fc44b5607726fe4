import type { DomainEvent } from '@lockstep/contracts';
import type { LogLine } from './log-line.js';

/** Lag from which an operator is warned, and below which it counts as caught up, milliseconds. */
const LAG_WARN_MS = 60_000;
const LAG_FINE_MS = 10_000;
/** Oplog left from which an operator is warned: below it the position may be lost before it is read. */
const HEADROOM_WARN_MS = 3_600_000;

interface Watched {
  readonly isLate: boolean;
  readonly isShort: boolean;
}

/** Turns lag measurements into a warning when a bound is crossed and a line when all is well again. */
export class LagWatch {
  private readonly watched = new Map<string, Watched>();

  lines(event: Extract<DomainEvent, { type: 'lag.measured' }>): readonly LogLine[] {
    const { connectorId, lagMs, headroomMs } = event;
    const before = this.watched.get(connectorId) ?? { isLate: false, isShort: false };
    const isLate = before.isLate ? lagMs > LAG_FINE_MS : lagMs > LAG_WARN_MS;
    const isShort = headroomMs !== null && headroomMs < HEADROOM_WARN_MS;
    this.watched.set(connectorId, { isLate, isShort });
    const lines: LogLine[] = [];
    const fields = { connectorId, lagMs, headroomMs };
    if (isLate && !before.isLate) lines.push({ level: 'warn', msg: 'the stream sync lags behind', fields });
    if (!isLate && before.isLate) lines.push({ level: 'info', msg: 'the stream sync has caught up', fields });
    if (isShort && !before.isShort) {
      lines.push({ level: 'warn', msg: 'less than an hour of oplog is left before the position is lost', fields });
    }
    return lines;
  }
}
