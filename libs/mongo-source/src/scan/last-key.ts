import type { LastKeyOptions } from '@lockstep/contracts';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { encodeKeyDocument } from '../document-id/key-document.js';
import { readIdElement } from '../document-id/read-id-element.js';
import type { CollectionListing } from '../identity/collection-listing.js';
import { andFilter } from '../query/and-filter.js';
import { rangeFilters } from '../query/key-bounds.js';
import { majorityReadConcern } from '../query/majority-read-concern.js';
import { documentCount } from '../raw-reply/cursor-reply.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';

export interface LastKeyContext {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly listing: CollectionListing;
}

const DEADLINE_MS = 120_000;

/** The largest `_id` of the collection or of the range, by its `_id` index. */
export async function lastKey(context: LastKeyContext, options: LastKeyOptions): Promise<string | null> {
  const { connection, database, listing } = context;
  const { collection, range, atLeast, signal } = options;
  const traits = await listing.traits(collection, signal);
  const doing = `reading the largest _id of ${database}.${collection}`;
  const cursor = new RawCursor(connection, { database, doing, purpose: 'query' }, collection);
  try {
    const command = {
      find: collection,
      filter: andFilter(...rangeFilters(range)),
      projection: { _id: 1 },
      sort: { _id: -1 },
      limit: 1,
      singleBatch: true,
      ...(traits.hasIdIndex ? { hint: { _id: 1 } } : { allowDiskUse: true }),
      readConcern: majorityReadConcern(atLeast),
    };
    const reply = await cursor.open(command, signal, DEADLINE_MS);
    if (documentCount(reply) === 0) return null;
    const element = readIdElement(reply.source, reply.bounds[0] ?? 0);
    return element === null ? null : encodeKeyDocument(element);
  } finally {
    await cursor.close();
  }
}
