import { hasCode } from '@lockstep/core';
import type { MongoConnection } from '../connection/mongo-connection.js';
import type { SourceQuery } from '../query/source-query.js';

export interface EstimateCountRequest {
  readonly connection: MongoConnection;
  readonly database: string;
  readonly collection: string;
  readonly query: SourceQuery;
  readonly signal: AbortSignal;
}

/** A filtered count reads the collection: worth this much, for a progress bar. */
const MAX_FILTERED_COUNT_MS = 3_000;

/**
 * Number of documents to be read: from the collection's metadata, or counted where a filter is set; null when
 * that takes too long or is refused.
 */
export async function estimateCount(request: EstimateCountRequest): Promise<number | null> {
  const { connection, database, collection, query, signal } = request;
  const filtered = query.filter === null ? {} : { query: query.filter, maxTimeMS: MAX_FILTERED_COUNT_MS };
  const command = { count: collection, ...filtered };
  try {
    const reply = await connection.command({
      database,
      command,
      signal,
      doing: 'counting documents',
      purpose: 'query',
    });
    return Number((reply as { n?: unknown }).n);
  } catch (error) {
    if (hasCode(error, 'SOURCE_READ_FAILED', 'SOURCE_PERMISSION_MISSING', 'SOURCE_QUERY_INVALID')) return null;
    throw error;
  }
}
