import { systemClock, type Clock } from '@lockstep/core';
import type { Logger } from 'pino';
import type { DomainEventListener } from '../events/domain-event-bus.js';
import { LagWatch } from './lag-watch.js';
import { logLine } from './log-line.js';
import { RepetitionFilter } from './repetition-filter.js';

/** Turns domain events into log lines: one per state change, none per document. */
export function logSubscriber(logger: Logger, clock: Clock = systemClock): DomainEventListener {
  const filter = new RepetitionFilter(clock);
  const lag = new LagWatch();
  return (event) => {
    const single = filter.isNews(event) ? logLine(event) : null;
    const lines = event.type === 'lag.measured' ? lag.lines(event) : single === null ? [] : [single];
    for (const { level, msg, fields } of lines) logger[level]({ event: event.type, ...fields }, msg);
  };
}
