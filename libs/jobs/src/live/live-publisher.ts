import type { DomainEvent, EventSink, LeaseHolder } from '@lockstep/contracts';
import type { Clock } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';

export interface LivePublisherOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  /** Whose document it is; read at every write. The worker's heartbeat fits. */
  readonly worker: { readonly holder: LeaseHolder };
  /** Where failed writes are told. */
  readonly events: EventSink;
  readonly clock?: Clock;
  /** Least time between two writes, milliseconds. @defaultValue 1 000 */
  readonly intervalMs?: number;
}

export class LivePublisher {
  constructor(readonly options: LivePublisherOptions) {}
  /** A listener for the domain event bus. */
  subscriber(): (event: DomainEvent) => void {
    return () => undefined;
  }
  start(_signal: AbortSignal): void {
    throw new Error('not built yet');
  }
  stop(): Promise<void> {
    return Promise.reject(new Error('not built yet'));
  }
}
