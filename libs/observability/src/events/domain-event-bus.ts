import type { DomainEvent, EventSink } from '@lockstep/contracts';

export type DomainEventListener = (event: DomainEvent) => void;

/**
 * Hands every domain event to every listener, at once and in order. A listener that throws harms
 * neither the emitter nor the other listeners.
 */
export class DomainEventBus implements EventSink {
  readonly #listeners = new Set<DomainEventListener>();
  readonly #onListenerError: (error: unknown, event: DomainEvent) => void;

  /** @param onListenerError told of a listener that threw. @defaultValue a process warning */
  constructor(onListenerError: (error: unknown, event: DomainEvent) => void = warn) {
    this.#onListenerError = onListenerError;
  }

  emit(event: DomainEvent): void {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#onListenerError(error, event);
      }
    }
  }

  /** @returns a function that ends the subscription */
  subscribe(listener: DomainEventListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }
}

function warn(error: unknown, event: DomainEvent): void {
  const name = error instanceof Error ? error.name : typeof error;
  process.emitWarning(`a listener of the event ${event.type} threw ${name}`);
}
