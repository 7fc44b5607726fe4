import { MongoServerError } from 'mongodb';
import { formatClusterTime, LockstepError, type ClusterTime } from '@lockstep/core';
import type { ChangeStreamReader, EventSink, OpenStreamOptions, StreamStart } from '@lockstep/contracts';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import type { CursorReply } from '../raw-reply/cursor-reply.js';
import { RawChangeStreamReader } from './raw-change-stream-reader.js';
import { decodeResumeToken, resumeTokenTime } from './resume-token.js';
import { streamPipeline, type StreamFeatures } from './stream-pipeline.js';

export interface StreamOpenerOptions {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly connectorId: string;
  readonly events: EventSink;
}

const OPEN_DEADLINE_MS = 120_000;
/** Unrecognized pipeline stage (tried on 6.0.5). */
const UNKNOWN_STAGE = 40324;
/** Unknown field of a command or stage (IDL parser). */
const UNKNOWN_FIELD = 40415;
/** On a quiet server a token can be a tick ahead of `operationTime`; a whole second never. */
const AHEAD_TOLERANCE = 1n << 32n;

/** Opens change streams on a database; learns once what its server can do. */
export class StreamOpener {
  readonly #options: StreamOpenerOptions;
  #features: StreamFeatures = { hasExpandedEvents: true, hasSplitEvents: true };

  constructor(options: StreamOpenerOptions) {
    this.#options = options;
  }

  /**
   * @throws LockstepError SOURCE_HISTORY_LOST, SOURCE_POSITION_INVALID, SOURCE_NOT_REPLICA_SET,
   * SOURCE_PERMISSION_MISSING, SOURCE_UNREACHABLE, …, JOB_ABORTED
   */
  async open({ collections, ranges = {}, start, signal }: OpenStreamOptions): Promise<ChangeStreamReader> {
    const { connection, database, connectorId, events } = this.#options;
    const startTime = timeOfStart(start);
    for (;;) {
      const cursor = new RawCursor(
        connection,
        { database, doing: 'opening change stream', purpose: start.kind === 'at' ? 'plain' : 'token' },
        '$cmd.aggregate',
      );
      const features = this.#features;
      try {
        const pipeline = streamPipeline({ collections, ranges, start }, features);
        // An empty first batch: the answer comes at once, and every event comes by the same way.
        const command = { aggregate: 1, pipeline, cursor: { batchSize: 0 }, readConcern: { level: 'majority' } };
        const reply = await cursor.open(command, signal, OPEN_DEADLINE_MS);
        refuseFuture(startTime, reply);
        const followed = { database, collections: new Set(collections) };
        return new RawChangeStreamReader({ cursor, followed, events, connectorId });
      } catch (error) {
        await cursor.close();
        const fewer = withoutUnknown(features, error);
        if (fewer === null) throw error;
        this.#features = fewer;
      }
    }
  }
}

function timeOfStart(start: StreamStart): ClusterTime {
  return start.kind === 'at' ? start.time : resumeTokenTime(decodeResumeToken(start.token));
}

/**
 * A server takes a position in its future and stays silent until then: changes would be lost. It happens
 * when the source was restored from a backup.
 */
function refuseFuture(startTime: ClusterTime, reply: CursorReply): void {
  if (startTime <= reply.operationTime + AHEAD_TOLERANCE) return;
  throw new LockstepError(
    'SOURCE_POSITION_INVALID',
    `opening change stream: the position ${formatClusterTime(startTime)} is ahead of the source ` +
      `(${formatClusterTime(reply.operationTime)}); was it restored from a backup?`,
  );
}

/** The features without the one that the server has just said not to know; null when that is not what it said. */
function withoutUnknown(features: StreamFeatures, error: unknown): StreamFeatures | null {
  const cause = error instanceof LockstepError ? error.cause : undefined;
  const code = cause instanceof MongoServerError ? Number(cause.code) : undefined;
  if (code === UNKNOWN_STAGE && features.hasSplitEvents) return { ...features, hasSplitEvents: false };
  if (code === UNKNOWN_FIELD && features.hasExpandedEvents) return { ...features, hasExpandedEvents: false };
  return null;
}
