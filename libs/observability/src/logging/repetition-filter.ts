import type { DomainEvent } from '@lockstep/contracts';
import type { Clock } from '@lockstep/core';

/** How often a trouble that lasts is said again, milliseconds. */
const REMINDER_MS = 60_000;

/**
 * Lets through what is news: a connector's state when it differs from the one before, a lasting trouble
 * at its beginning and once a minute.
 */
export class RepetitionFilter {
  private readonly observed = new Map<string, string>();
  private readonly toldAtMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  isNews(event: DomainEvent): boolean {
    switch (event.type) {
      case 'connector.observed': {
        const now = JSON.stringify([event.state, event.conditions.map(({ reason, code }) => [reason, code])]);
        const isSame = this.observed.get(event.partition) === now;
        this.observed.set(event.partition, now);
        return !isSame;
      }
      case 'heartbeat.failed':
      case 'supervisor.failed':
        return this.isDue(`${event.type} ${event.code}`);
      case 'session.failed':
        return this.isDue(`${event.type} ${event.connectorId} ${event.code}`);
      default:
        return true;
    }
  }

  private isDue(name: string): boolean {
    const nowMs = this.clock.monotonicMs();
    const toldAtMs = this.toldAtMs.get(name);
    if (toldAtMs !== undefined && nowMs - toldAtMs < REMINDER_MS) return false;
    this.toldAtMs.set(name, nowMs);
    return true;
  }
}
