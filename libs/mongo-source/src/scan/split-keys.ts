import type { Document } from 'mongodb';
import { hasCode } from '@lockstep/core';
import type { SplitOptions } from '@lockstep/contracts';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { encodeKeyDocument } from '../document-id/key-document.js';
import { readIdElement } from '../document-id/read-id-element.js';
import { estimateCount } from '../estimate/estimate-count.js';
import type { CollectionListing } from '../identity/collection-listing.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';

export interface SplitKeysContext {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly listing: CollectionListing;
}

/** A part of fewer documents is not worth a partition. */
const MIN_PART_DOCS = 1_000;
/** Keys that are looked at for each part: enough that parts differ by about a tenth. */
const SAMPLE_PER_PART = 100;
/** Below this share of a collection `$sample` uses a random cursor, else it reads all (MongoDB manual, $sample). */
const RANDOM_SHARE = 0.05;
const MAX_MS = 20_000;
/** Longer keys would be carried in every checkpoint and in every change stream. */
const MAX_KEY_BYTES = 1_024;

/** Where a collection is divided: keys of a random sample, in the server's own order. */
export async function splitKeys(context: SplitKeysContext, options: SplitOptions): Promise<readonly string[]> {
  const { connection, database, listing } = context;
  const { collection, parts, signal } = options;
  try {
    const { hasIdIndex, hasCollation } = await listing.traits(collection, signal);
    const everything = { filter: null, projection: null };
    const count = await estimateCount({ connection, database, collection, query: everything, signal });
    if (!hasIdIndex || hasCollation || count === null || count < parts * MIN_PART_DOCS) return [];
    const size = Math.min(parts * SAMPLE_PER_PART, Math.ceil(count * RANDOM_SHARE) - 1);
    return quantiles(await sampledKeys(context, options, size), parts);
  } catch (error) {
    if (hasCode(error, 'JOB_ABORTED')) throw error;
    // One part is slower, and as right.
    return [];
  }
}

async function sampledKeys(
  { connection, database }: SplitKeysContext,
  { collection, signal }: SplitOptions,
  size: number,
): Promise<readonly Buffer[]> {
  const doing = `sampling the keys of ${database}.${collection}`;
  const cursor = new RawCursor(connection, { database, doing, purpose: 'query' }, collection);
  const command: Document = {
    aggregate: collection,
    pipeline: [{ $sample: { size } }, { $project: { _id: 1 } }, { $sort: { _id: 1 } }],
    cursor: { batchSize: size },
    maxTimeMS: MAX_MS,
    readConcern: { level: 'majority' },
  };
  const keys: Buffer[] = [];
  try {
    for (;;) {
      const reply = cursor.isOpen
        ? await cursor.getMore({ signal, deadlineMs: MAX_MS })
        : await cursor.open(command, signal, MAX_MS);
      for (let i = 0; i < reply.bounds.length; i += 2) {
        const element = readIdElement(reply.source, reply.bounds[i] ?? 0);
        if (element !== null && element.length <= MAX_KEY_BYTES) keys.push(Buffer.from(element));
      }
      if (!cursor.isOpen) return keys;
    }
  } finally {
    await cursor.close();
  }
}

/** The keys between equal parts of the sorted sample. A sample may name a key twice: no part is empty for that. */
function quantiles(sorted: readonly Buffer[], parts: number): readonly string[] {
  const keys = Array.from({ length: parts - 1 }, (_, part) => sorted[Math.floor((sorted.length * (part + 1)) / parts)]);
  const smallest = sorted[0];
  return [
    ...new Set(
      keys.flatMap((key) => (key === undefined || smallest?.equals(key) === true ? [] : [encodeKeyDocument(key)])),
    ),
  ];
}
