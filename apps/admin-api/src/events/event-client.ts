import type { ServerResponse } from 'node:http';
import type { LiveEvent } from './event-log.js';

/** One listener. It is cut off when it reads more slowly than there is to tell: it resumes by its last id. */
export class EventClient {
  constructor(
    private readonly response: ServerResponse,
    private readonly connectorId: string | undefined,
    private readonly maxBufferBytes: number,
  ) {}

  get isOpen(): boolean {
    return !this.response.writableEnded && !this.response.destroyed;
  }

  wants(event: LiveEvent): boolean {
    return this.connectorId === undefined || event.connectorId === null || event.connectorId === this.connectorId;
  }

  send(text: string): void {
    if (!this.isOpen) return;
    this.response.write(text);
  }

  /**
   * Ends a listener that has not read what it was told before. Asked between two tellings, so that one
   * large telling, a snapshot say, is not held against a listener that reads it.
   */
  dropIfBehind(): void {
    if (this.response.writableLength > this.maxBufferBytes) this.response.destroy();
  }

  end(): void {
    if (this.isOpen) this.response.end();
  }
}
