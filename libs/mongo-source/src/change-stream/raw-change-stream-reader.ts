import { LockstepError, type ClusterTime } from '@lockstep/core';
import type { ChangeBatch, ChangeStreamReader, EventSink } from '@lockstep/contracts';
import { bounded } from '../connection/bounded.js';
import { documentCount, type CursorReply } from '../raw-reply/cursor-reply.js';
import type { RawCursor } from '../raw-reply/raw-cursor.js';
import { readChangeBatch } from './change-batch-reader.js';
import type { FollowedNamespaces } from './change-event-decision.js';

export interface RawChangeStreamReaderOptions {
  readonly cursor: RawCursor;
  readonly followed: FollowedNamespaces;
  readonly events: EventSink;
  readonly connectorId: string;
}

/** Events of one reply: lists of 1 000–2 000 keys are where look-ups become cheap, and memory stays flat. */
const BATCH_EVENTS = 2_000;
/** How long a reply may take beyond the awaiting time: the server may have a long oplog to look through. */
const REPLY_GRACE_MS = 120_000;
/** Reading ahead does not wait for changes. */
const READ_AHEAD_WAIT_MS = 1;

/** A change stream on a raw cursor. After a reply with events the next one is already asked for. */
export class RawChangeStreamReader implements ChangeStreamReader {
  readonly #options: RawChangeStreamReaderOptions;
  readonly #lifetime = new AbortController();
  #pending: Promise<CursorReply> | null = null;
  #tokenTime: ClusterTime = 0n;

  constructor(options: RawChangeStreamReaderOptions) {
    this.#options = options;
  }

  async next(maxWaitMs: number, signal: AbortSignal): Promise<ChangeBatch> {
    const reply = await bounded(() => (this.#pending ??= this.#read(maxWaitMs)), {
      signal,
      deadlineMs: maxWaitMs + REPLY_GRACE_MS + 1_000,
      doing: 'reading the change stream',
    });
    this.#pending = null;
    const { followed, cursor } = this.#options;
    const { batch, ignored } = readChangeBatch(reply, followed);
    if (batch.tokenTime < this.#tokenTime) {
      throw new LockstepError('SOURCE_CURSOR_LOST', 'reading the change stream: the resume token went backwards');
    }
    this.#tokenTime = batch.tokenTime;
    this.#noteIgnored(ignored);
    if (documentCount(reply) > 0 && cursor.isOpen && !this.#lifetime.signal.aborted) {
      this.#pending = this.#read(READ_AHEAD_WAIT_MS);
      // Whoever asks for the reply gets the error; nobody may ask.
      this.#pending.catch(() => undefined);
    }
    return batch;
  }

  async close(): Promise<void> {
    this.#lifetime.abort();
    await this.#pending?.catch(() => undefined);
    await this.#options.cursor.close();
  }

  #read(maxWaitMs: number): Promise<CursorReply> {
    return this.#options.cursor.getMore({
      signal: this.#lifetime.signal,
      batchSize: BATCH_EVENTS,
      maxTimeMS: Math.max(1, Math.round(maxWaitMs)),
      deadlineMs: maxWaitMs + REPLY_GRACE_MS,
    });
  }

  #noteIgnored(ignored: Readonly<Record<string, number>>): void {
    const entries = Object.entries(ignored);
    if (entries.length === 0) return;
    this.#options.events.emit({
      type: 'conversion.noted',
      connectorId: this.#options.connectorId,
      namespace: this.#options.followed.database,
      notes: Object.fromEntries(entries.map(([operation, count]) => [`ignoredChange.${operation}`, count])),
    });
  }
}
