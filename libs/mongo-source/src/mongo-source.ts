import type { EventSink, FieldSelection, SourcePort } from '@lockstep/contracts';
import { findAbsent } from './absence/find-absent.js';
import { findChange } from './change-stream/find-change.js';
import { StreamOpener } from './change-stream/stream-opener.js';
import { MongoConnection } from './connection/mongo-connection.js';
import { BatchBuilder } from './conversion/batch-builder.js';
import { estimateCount } from './estimate/estimate-count.js';
import { CollectionListing } from './identity/collection-listing.js';
import { describeSource } from './identity/describe-source.js';
import { majorityTime } from './identity/majority-time.js';
import { newestTime } from './identity/newest-time.js';
import { KeyReader } from './lookup/key-reader.js';
import { lookUp } from './lookup/look-up.js';
import { readOplog } from './oplog/read-oplog.js';
import { sourceQuery } from './query/source-query.js';
import { sampleFields } from './sample/sample-fields.js';
import { lastKey } from './scan/last-key.js';
import { Scanner } from './scan/scanner.js';
import { splitKeys } from './scan/split-keys.js';
import type { ConversionPolicies } from './transcode/conversion-policies.js';

export interface MongoSourceOptions {
  /** Connection string; its password never appears in messages. */
  readonly uri: string;
  readonly database: string;
  /** A MongoDB filter in relaxed Extended JSON; documents outside it are read as absent. */
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly fields?: FieldSelection;
  /** How the connections call themselves on the server. @defaultValue `lockstep/<connectorId>` */
  readonly appName?: string;
  readonly connectorId: string;
  readonly events: EventSink;
  /** @defaultValue those of `DEFAULT_POLICIES` */
  readonly policies?: Partial<ConversionPolicies>;
}

/**
 * The MongoDB side of one connector. Connects on first use.
 * @throws LockstepError SOURCE_QUERY_INVALID when the filter is not valid Extended JSON
 */
export function createMongoSource(options: MongoSourceOptions): SourcePort {
  const { database, connectorId, events } = options;
  const connection = new MongoConnection(options.uri, options.appName ?? `lockstep/${connectorId}`);
  const query = sourceQuery(options);
  const policies = options.policies ?? {};
  const builder = new BatchBuilder(policies);
  const listing = new CollectionListing(connection, database);
  const opener = new StreamOpener({ connection, database, connectorId, events });
  const reader = new KeyReader(connection, database);
  const scanner = new Scanner({ connection, database, listing, query, builder });
  return {
    describe: (signal) => describeSource({ connection, database, listing, opener }, signal),
    listCollections: (signal) => listing.list(signal),
    majorityTime: (signal) => majorityTime(connection, database, signal),
    newestTime: (signal) => newestTime(connection, signal),
    hasChange: (time, signal) => findChange({ connection, database }, time, signal),
    openStream: (request) => opener.open(request),
    lastKey: (request) => lastKey({ connection, database, listing }, request),
    splitKeys: (request) => splitKeys({ connection, database, listing }, request),
    scan: (request) => scanner.scan(request),
    lookUp: (request) => lookUp({ reader, query, builder }, request),
    findAbsent: (request) => findAbsent({ reader, query }, request),
    estimateCount: (collection, signal) => estimateCount({ connection, database, collection, query, signal }),
    sampleFields: (collection, signal) =>
      sampleFields({ connection, database, listing, query, policies, collection, signal }),
    readOplog: (signal) => readOplog(connection, signal),
    close: async () => {
      await scanner.close();
      await connection.close();
    },
  };
}
