import type { ClusterTime } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import type { CursorReply } from '../raw-reply/cursor-reply.js';
import { documentCount } from '../raw-reply/cursor-reply.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import { bounded } from '../connection/bounded.js';
import { FIRST_PAGE_DOCS, nextPageDocs } from './page-size.js';
import { scanCommand, type ScanCommandInput } from './scan-command.js';

/** A selective filter can make the server look at very many documents before it has a reply. */
const PAGE_DEADLINE_MS = 15 * 60_000;

/**
 * One server cursor of a scan. After each page the next one is already asked for, so that reading and
 * writing overlap. Every page is a majority read not older than {@link atLeast}: the cursor was opened so.
 */
export class ScanCursor {
  readonly atLeast: ClusterTime;
  readonly #cursor: RawCursor;
  readonly #command: Omit<ScanCommandInput, 'batchSize'>;
  readonly #lifetime = new AbortController();
  #pageDocs: number;
  #pending: Promise<CursorReply> | null = null;

  constructor(
    connection: MongoConnection,
    database: string,
    command: Omit<ScanCommandInput, 'batchSize'>,
    pageDocs = FIRST_PAGE_DOCS,
  ) {
    this.atLeast = command.atLeast;
    this.#command = command;
    this.#pageDocs = pageDocs;
    this.#cursor = new RawCursor(
      connection,
      { database, doing: `scanning ${database}.${command.collection}`, purpose: 'query' },
      command.collection,
    );
  }

  /** Documents that the next page is asked to have. */
  get pageDocs(): number {
    return this.#pageDocs;
  }

  get isOpen(): boolean {
    return this.#cursor.isOpen;
  }

  /** @throws LockstepError SOURCE_CURSOR_LOST, SOURCE_QUERY_INVALID, SOURCE_UNREACHABLE, …, JOB_ABORTED */
  async next(signal: AbortSignal): Promise<CursorReply> {
    const reply = await bounded(() => (this.#pending ??= this.#read()), {
      signal,
      deadlineMs: PAGE_DEADLINE_MS + 1_000,
      doing: `scanning ${this.#command.collection}`,
    });
    this.#pending = null;
    this.#pageDocs = nextPageDocs(this.#pageDocs, { documents: documentCount(reply), bytes: reply.source.length });
    if (this.isOpen) {
      this.#pending = this.#read();
      // Whoever asks for the page gets the error; nobody may ask.
      this.#pending.catch(() => undefined);
    }
    return reply;
  }

  /** Drops what was read ahead and kills the cursor; never throws. */
  async close(): Promise<void> {
    this.#lifetime.abort();
    await this.#pending?.catch(() => undefined);
    await this.#cursor.close();
  }

  #read(): Promise<CursorReply> {
    const signal = this.#lifetime.signal;
    const batchSize = this.#pageDocs;
    return this.#cursor.isOpen
      ? this.#cursor.getMore({ batchSize, signal, deadlineMs: PAGE_DEADLINE_MS })
      : this.#cursor.open(scanCommand({ ...this.#command, batchSize }), signal, PAGE_DEADLINE_MS);
  }
}
