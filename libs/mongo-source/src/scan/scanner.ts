import { hasCode } from '@lockstep/core';
import type { ScanOptions, ScanPage } from '@lockstep/contracts';
import type { MongoConnection } from '../connection/mongo-connection.js';
import type { BatchBuilder } from '../conversion/batch-builder.js';
import { encodeKeyDocument } from '../document-id/key-document.js';
import { readIdElement } from '../document-id/read-id-element.js';
import type { CollectionListing } from '../identity/collection-listing.js';
import type { CollectionTraits } from '../identity/collection-traits.js';
import type { SourceQuery } from '../query/source-query.js';
import { documentCount, type CursorReply } from '../raw-reply/cursor-reply.js';
import { FIRST_PAGE_DOCS } from './page-size.js';
import { scanBounds } from './scan-bounds.js';
import { ScanCursor } from './scan-cursor.js';

export interface ScannerOptions {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly listing: CollectionListing;
  readonly query: SourceQuery;
  readonly builder: BatchBuilder;
}

interface KeptCursor {
  readonly cursor: ScanCursor;
  /** Where its next page begins. */
  readonly after: string | null;
  readonly idleTimer: NodeJS.Timeout;
}

const MAX_IDLE_MS = 60_000;

/**
 * Reads collections page by page in `_id` order. Between the pages of a collection its server cursor is kept
 * while the caller goes on where the last page ended and asks for nothing newer than the cursor was opened
 * with; otherwise the scan is opened anew from `after`.
 */
export class Scanner {
  readonly #options: ScannerOptions;
  readonly #kept = new Map<string, KeptCursor>();
  readonly #traits = new Map<string, CollectionTraits>();
  readonly #pageDocs = new Map<string, number>();
  #isClosed = false;

  constructor(options: ScannerOptions) {
    this.#options = options;
  }

  /** @throws LockstepError as {@link ScanCursor.next}; STATE_CORRUPT when `after` cannot be read */
  async scan(options: ScanOptions): Promise<ScanPage> {
    const kept = await this.#take(options);
    if (kept !== null) {
      try {
        return await this.#page(kept, options);
      } catch (error) {
        // The server may have dropped an idle cursor; `after` is all it takes to go on.
        if (!hasCode(error, 'SOURCE_CURSOR_LOST')) throw error;
      }
    }
    return this.#page(await this.#open(options), options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const kept = [...this.#kept.keys()].map((collection) => this.#drop(collection));
    await Promise.all(kept);
  }

  async #page(cursor: ScanCursor, options: ScanOptions): Promise<ScanPage> {
    let reply: CursorReply;
    try {
      reply = await cursor.next(options.signal);
    } catch (error) {
      await cursor.close();
      throw error;
    }
    const { collection } = options;
    this.#pageDocs.set(collection, cursor.pageDocs);
    const last = lastIdElement(reply);
    const page: ScanPage = {
      batch: this.#options.builder.build({ collection, replies: [reply], operationTime: reply.operationTime }),
      readCount: documentCount(reply),
      cursor: last === null ? options.after : encodeKeyDocument(last),
      isLast: reply.cursorId.isZero(),
    };
    if (page.isLast || this.#isClosed) await cursor.close();
    else await this.#keep(collection, cursor, page.cursor);
    return page;
  }

  async #open({ collection, after, upTo, range, atLeast, signal }: ScanOptions): Promise<ScanCursor> {
    const { connection, database, query } = this.#options;
    const bounds = scanBounds(after, upTo, range);
    const traits = await this.#traitsOf(collection, signal);
    const pageDocs = this.#pageDocs.get(collection) ?? FIRST_PAGE_DOCS;
    return new ScanCursor(connection, database, { collection, traits, bounds, atLeast, query }, pageDocs);
  }

  async #traitsOf(collection: string, signal: AbortSignal): Promise<CollectionTraits> {
    const traits = this.#traits.get(collection) ?? (await this.#options.listing.traits(collection, signal));
    this.#traits.set(collection, traits);
    return traits;
  }

  /** The kept cursor if it can serve the request; one that cannot is closed. */
  async #take({ collection, after, atLeast }: ScanOptions): Promise<ScanCursor | null> {
    const kept = this.#kept.get(collection);
    if (kept === undefined) return null;
    if (kept.after !== after || after === null || atLeast > kept.cursor.atLeast) {
      await this.#drop(collection);
      return null;
    }
    this.#kept.delete(collection);
    clearTimeout(kept.idleTimer);
    return kept.cursor;
  }

  async #keep(collection: string, cursor: ScanCursor, after: string | null): Promise<void> {
    await this.#drop(collection);
    const idleTimer = setTimeout(() => void this.#drop(collection), MAX_IDLE_MS);
    idleTimer.unref();
    this.#kept.set(collection, { cursor, after, idleTimer });
  }

  async #drop(collection: string): Promise<void> {
    const kept = this.#kept.get(collection);
    this.#kept.delete(collection);
    clearTimeout(kept?.idleTimer);
    // A dropped collection may come back as another kind.
    this.#traits.delete(collection);
    await kept?.cursor.close();
  }
}

function lastIdElement({ source, bounds }: CursorReply): Buffer | null {
  const start = bounds.at(-2);
  return start === undefined ? null : readIdElement(source, start);
}
