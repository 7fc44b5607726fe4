import type { ClusterTime } from '@lockstep/core';
import type { DocumentKey } from '@lockstep/contracts';
import type { Document } from 'mongodb';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { andFilter } from '../query/and-filter.js';
import { keyFilter } from '../query/key-filter.js';
import { majorityReadConcern } from '../query/majority-read-concern.js';
import type { CursorReply } from '../raw-reply/cursor-reply.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import { keyChunks } from './key-chunks.js';

export interface ReadKeysRequest {
  readonly collection: string;
  readonly keys: readonly DocumentKey[];
  readonly filter: Document | null;
  readonly projection: Document | null;
  readonly atLeast: ClusterTime;
  readonly signal: AbortSignal;
}

/** More than a chunk has: the first batch of a `find` without it ends after 101 documents. */
const BATCH_DOCS = 10_000;
const DEADLINE_MS = 120_000;

/**
 * Reads documents by key, each `find` until its cursor has ended: only a complete answer can say that a
 * document is absent. The collection's own collation finds a superset of the keys by the `_id` index; the
 * caller matches by encoded id.
 */
export class KeyReader {
  readonly #connection: MongoConnection;
  readonly #database: string;

  constructor(connection: MongoConnection, database: string) {
    this.#connection = connection;
    this.#database = database;
  }

  /** @throws LockstepError SOURCE_CURSOR_LOST, SOURCE_QUERY_INVALID, SOURCE_UNREACHABLE, …, JOB_ABORTED */
  async *read(request: ReadKeysRequest): AsyncGenerator<CursorReply> {
    for (const chunk of keyChunks(request.keys)) yield* this.#readChunk(request, chunk);
  }

  async *#readChunk(request: ReadKeysRequest, keys: readonly DocumentKey[]): AsyncGenerator<CursorReply> {
    const { collection, filter, projection, atLeast, signal } = request;
    const doing = `looking up documents of ${this.#database}.${collection}`;
    const cursor = new RawCursor(this.#connection, { database: this.#database, doing, purpose: 'query' }, collection);
    try {
      const command = {
        find: collection,
        filter: andFilter(keyFilter(keys.map((key) => key.element)), filter),
        ...(projection === null ? {} : { projection }),
        batchSize: BATCH_DOCS,
        readConcern: majorityReadConcern(atLeast),
      };
      yield await cursor.open(command, signal, DEADLINE_MS);
      while (cursor.isOpen) yield await cursor.getMore({ signal, deadlineMs: DEADLINE_MS });
    } finally {
      await cursor.close();
    }
  }
}
