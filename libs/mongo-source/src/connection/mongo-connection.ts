import { MongoClient, type ClientSession, type Document } from 'mongodb';
import { LockstepError } from '@lockstep/core';
import { classifySourceError } from '../errors/classify-source-error.js';
import type { CommandPurpose } from '../errors/server-code-table.js';
import { bounded } from './bounded.js';
import { clientOptions } from './client-options.js';

export interface CommandRequest {
  readonly database: string;
  readonly command: Document;
  readonly signal: AbortSignal;
  /** What is being done, beginning with a gerund; part of error messages. */
  readonly doing: string;
  readonly purpose?: CommandPurpose;
  /** @defaultValue 30 000 */
  readonly deadlineMs?: number;
  readonly session?: ClientSession;
  /** Embedded documents of the reply stay Buffers. */
  readonly isRaw?: boolean;
}

const DEFAULT_DEADLINE_MS = 30_000;

/** The one way to MongoDB: sends commands, bounds them in time, codes their errors. Connects on first use. */
export class MongoConnection {
  readonly #uri: string;
  readonly #appName: string;
  #client: MongoClient | undefined;
  #isClosed = false;

  constructor(uri: string, appName: string) {
    this.#uri = uri;
    this.#appName = appName;
  }

  /**
   * Sends a command to the primary (or a mongos) and returns the reply.
   * @throws LockstepError SOURCE_… by the tables in `errors/`, JOB_ABORTED
   */
  async command(request: CommandRequest): Promise<Document> {
    const { session, signal, doing } = request;
    const client = this.#open();
    try {
      return await bounded(
        (until) =>
          client.db(request.database).command(request.command, {
            signal: until,
            raw: request.isRaw ?? false,
            promoteLongs: false,
            ...(session === undefined ? {} : { session }),
          }),
        { signal, doing, deadlineMs: request.deadlineMs ?? DEFAULT_DEADLINE_MS },
      );
    } catch (error) {
      throw classifySourceError(error, request);
    }
  }

  /**
   * A session for one cursor. Never a causally consistent one: it would silently replace the
   * `afterClusterTime` of our commands by its own, older time.
   */
  startSession(): ClientSession {
    return this.#open().startSession({ causalConsistency: false });
  }

  /** Ends all connections; commands in flight fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#client?.close(true);
  }

  #open(): MongoClient {
    if (this.#isClosed) throw new LockstepError('SOURCE_UNREACHABLE', 'reading from MongoDB: the source is closed');
    try {
      return (this.#client ??= new MongoClient(this.#uri, clientOptions(this.#appName)));
    } catch (error) {
      throw new LockstepError('SOURCE_URI_INVALID', undefined, { cause: error });
    }
  }
}
