import { Registry } from 'prom-client';
import type { DomainEventListener } from '../events/domain-event-bus.js';

export class Metrics {
  readonly registry = new Registry();
  subscriber(): DomainEventListener {
    return () => undefined;
  }
  render(): Promise<string> {
    return this.registry.metrics();
  }
}
