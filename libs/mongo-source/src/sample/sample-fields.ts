import { asLockstepError, hasCode, type ErrorCode } from '@lockstep/core';
import type { CollectionSample } from '@lockstep/contracts';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { estimateCount } from '../estimate/estimate-count.js';
import type { CollectionListing } from '../identity/collection-listing.js';
import type { SourceQuery } from '../query/source-query.js';
import { documentCount } from '../raw-reply/cursor-reply.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import type { ConversionPolicies } from '../transcode/conversion-policies.js';
import { Transcoder } from '../transcode/transcoder.js';
import { FieldTally } from './field-tally.js';
import { nextSampleDocs } from './next-sample-docs.js';
import { sampleParts, type SamplePart } from './sample-parts.js';

export interface SampleRequest {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly listing: CollectionListing;
  readonly query: SourceQuery;
  readonly policies: Partial<ConversionPolicies>;
  readonly collection: string;
  readonly signal: AbortSignal;
}

/** Bytes of a sample, shared by what is read. */
const SAMPLE_BYTES = 16 * 1024 * 1024;
/** A server that does not answer a bounded command by then is not waited for. */
const REPLY_DEADLINE_MS = 5_000;
const EVERYTHING: SourceQuery = { filter: null, projection: null };

/**
 * Looks at some documents of a collection, through a transcoder of its own. A part that fails is left out: a
 * sample makes mappings better, a sync needs none.
 * @throws LockstepError JOB_ABORTED
 */
export async function sampleFields(request: SampleRequest): Promise<CollectionSample> {
  const tally = new FieldTally();
  const transcoder = new Transcoder(request.policies);
  let code: ErrorCode | null = null;
  let isEndLost = false;
  try {
    const parts = await partsOf(request);
    for (const part of parts) {
      // What takes too long from one end takes too long from the other.
      if (part.kind === 'last' && isEndLost) continue;
      try {
        await readPart(request, part, { tally, transcoder, maxBytes: SAMPLE_BYTES / parts.length });
      } catch (error) {
        code = leftOutBy(error);
        isEndLost ||= part.kind === 'first';
      }
    }
  } catch (error) {
    code = leftOutBy(error);
  }
  return { documents: tally.documents, fields: tally.counts(), code };
}

async function partsOf(request: SampleRequest): Promise<readonly SamplePart[]> {
  const { listing, collection, query, signal } = request;
  const { hasIdIndex } = await listing.traits(collection, signal);
  // Without a filter the count is read from the metadata.
  const documentCount = await estimateCount({ ...request, query: EVERYTHING });
  return sampleParts({ collection, hasIdIndex, query, documentCount });
}

async function readPart(
  { connection, database, collection, signal }: SampleRequest,
  part: SamplePart,
  into: { readonly tally: FieldTally; readonly transcoder: Transcoder; readonly maxBytes: number },
): Promise<void> {
  const doing = `sampling ${database}.${collection}`;
  const cursor = new RawCursor(connection, { database, doing, purpose: 'query' }, collection);
  const read = { documents: 0, bytes: 0 };
  const limits = { documents: part.documents, bytes: into.maxBytes };
  try {
    for (let batchSize = nextSampleDocs(limits, read); batchSize > 0; batchSize = nextSampleDocs(limits, read)) {
      const reply = cursor.isOpen
        ? await cursor.getMore({ batchSize, signal, deadlineMs: REPLY_DEADLINE_MS })
        : await cursor.open(withBatchSize(part, batchSize), signal, REPLY_DEADLINE_MS);
      read.documents += documentCount(reply);
      read.bytes += reply.source.length;
      for (let i = 0; i < reply.bounds.length; i += 2) {
        const types = into.transcoder.fieldTypesOf(reply.source, reply.bounds[i] ?? 0, reply.bounds[i + 1] ?? 0);
        if (types !== null) into.tally.add(types);
      }
      if (!cursor.isOpen) return;
    }
  } finally {
    await cursor.close();
  }
}

function withBatchSize({ kind, command }: SamplePart, batchSize: number): object {
  return kind === 'anywhere' ? { ...command, cursor: { batchSize } } : { ...command, batchSize };
}

/** @throws LockstepError JOB_ABORTED */
function leftOutBy(error: unknown): ErrorCode {
  if (hasCode(error, 'JOB_ABORTED')) throw error;
  return asLockstepError(error).code;
}
