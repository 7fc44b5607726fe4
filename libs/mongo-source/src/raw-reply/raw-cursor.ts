import { Long, type ClientSession, type Document } from 'mongodb';
import { LockstepError } from '@lockstep/core';
import type { CommandRequest, MongoConnection } from '../connection/mongo-connection.js';
import type { CommandPurpose } from '../errors/server-code-table.js';
import { readCursorReply, type CursorReply } from './cursor-reply.js';

export interface GetMoreOptions {
  readonly signal: AbortSignal;
  readonly batchSize?: number;
  /** Awaiting time of a tailing cursor, milliseconds. */
  readonly maxTimeMS?: number;
  readonly deadlineMs?: number;
}

const KILL_DEADLINE_MS = 2_000;

/** A server cursor read reply by reply, raw, on a session of its own. Not for concurrent use. */
export class RawCursor {
  readonly #connection: MongoConnection;
  readonly #database: string;
  readonly #collection: string;
  readonly #session: ClientSession;
  readonly #doing: string;
  readonly #purpose: CommandPurpose;
  #cursorId = Long.ZERO;

  /** @param collection what getMore names: the collection, or `$cmd.aggregate` for a whole database */
  constructor(
    connection: MongoConnection,
    request: Pick<CommandRequest, 'database' | 'doing' | 'purpose'>,
    collection: string,
  ) {
    this.#connection = connection;
    this.#database = request.database;
    this.#doing = request.doing;
    this.#purpose = request.purpose ?? 'plain';
    this.#collection = collection;
    this.#session = connection.startSession();
  }

  /** False once the server has closed the cursor. */
  get isOpen(): boolean {
    return !this.#cursorId.isZero();
  }

  /** Sends the command that opens the cursor. @throws LockstepError SOURCE_…, JOB_ABORTED */
  async open(command: Document, signal: AbortSignal, deadlineMs?: number): Promise<CursorReply> {
    return this.#send(command, { signal, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  }

  /** @throws LockstepError SOURCE_CURSOR_LOST, SOURCE_…, JOB_ABORTED */
  async getMore(options: GetMoreOptions): Promise<CursorReply> {
    if (!this.isOpen) throw new LockstepError('SOURCE_CURSOR_LOST', `${this.#doing}: the cursor has ended`);
    const command = {
      getMore: this.#cursorId,
      collection: this.#collection,
      ...(options.batchSize === undefined ? {} : { batchSize: options.batchSize }),
      ...(options.maxTimeMS === undefined ? {} : { maxTimeMS: options.maxTimeMS }),
    };
    return this.#send(command, options);
  }

  /** Kills the cursor where it is still open and ends the session. Never throws. */
  async close(): Promise<void> {
    try {
      if (this.isOpen) {
        await this.#connection.command({
          database: this.#database,
          command: { killCursors: this.#collection, cursors: [this.#cursorId] },
          session: this.#session,
          signal: new AbortController().signal,
          deadlineMs: KILL_DEADLINE_MS,
          doing: 'closing cursor',
        });
      }
    } catch {
      // The server drops the cursor by itself after ten idle minutes.
    } finally {
      this.#cursorId = Long.ZERO;
      await this.#session.endSession().catch(() => undefined);
    }
  }

  async #send(command: Document, options: { signal: AbortSignal; deadlineMs?: number }): Promise<CursorReply> {
    const reply = await this.#connection.command({
      database: this.#database,
      command,
      session: this.#session,
      isRaw: true,
      doing: this.#doing,
      purpose: this.#purpose,
      signal: options.signal,
      ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
    });
    const read = readCursorReply(reply);
    this.#cursorId = read.cursorId;
    return read;
  }
}
