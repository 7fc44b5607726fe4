import type { DomainEvent, EventSink, LeaseHolder } from '@lockstep/contracts';
import { asLockstepError, sleep, systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient } from '@lockstep/elastic';
import { LiveBoard } from './live-board.js';
import { liveDocumentId, type LiveDocument } from './live-document.js';

export interface LivePublisherOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  /** Whose document it is, read anew at every write. The worker's heartbeat fits. */
  readonly worker: { readonly holder: LeaseHolder };
  /** Told of writes that failed. */
  readonly events: EventSink;
  /** @defaultValue the system's */
  readonly clock?: Clock;
  /** Least time between two writes, milliseconds. @defaultValue 1 000 */
  readonly intervalMs?: number;
}

const LIVE_INTERVAL_MS = 1_000;

/**
 * Writes what this worker does to its live document: at most once an interval, only when something has
 * changed. What is lost here is lost for the eye only, so a failed write is repeated with the next one.
 */
export class LivePublisher {
  private readonly board = new LiveBoard();
  private readonly documents: Pick<DocumentStore<LiveDocument>, 'put' | 'delete'>;
  private readonly ending = new AbortController();
  private loop: Promise<void> | null = null;

  constructor(private readonly options: LivePublisherOptions) {
    this.documents = new DocumentStore(options.client, stateAlias(options.prefix, 'workers'));
  }

  /** A listener for the domain event bus. */
  subscriber(): (event: DomainEvent) => void {
    return (event) => {
      this.board.apply(event);
    };
  }

  /** Publishes until `stop`, or until the signal is aborted. */
  start(signal: AbortSignal): void {
    this.loop ??= this.publishUntil(AbortSignal.any([signal, this.ending.signal]));
  }

  /** Ends publishing and removes the document. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.loop;
    try {
      await this.documents.delete({ id: this.documentId() });
    } catch (error) {
      // It stays until the worker is reaped; nobody shows it without a heartbeat document.
      this.tellFailure(error);
    }
  }

  private async publishUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.publishNews();
      try {
        await sleep(this.options.intervalMs ?? LIVE_INTERVAL_MS, signal);
      } catch {
        // Woken by the end, which the loop's condition sees.
      }
    }
  }

  private async publishNews(): Promise<void> {
    const news = this.board.take();
    if (news === null) return;
    try {
      await this.documents.put(this.documentId(), this.document(news));
    } catch (error) {
      this.board.giveBack();
      this.tellFailure(error);
    }
  }

  private document(news: Pick<LiveDocument, 'jobs' | 'changes'>): LiveDocument {
    const { workerId, incarnation } = this.options.worker.holder;
    const updatedAt = new Date((this.options.clock ?? systemClock).nowMs()).toISOString();
    return { kind: 'live', workerId, incarnation, ...news, updatedAt };
  }

  private documentId(): string {
    return liveDocumentId(this.options.worker.holder.workerId);
  }

  private tellFailure(error: unknown): void {
    this.options.events.emit({ type: 'heartbeat.failed', code: asLockstepError(error).code });
  }
}
