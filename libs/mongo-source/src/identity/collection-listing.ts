import { BSON, type Document, type UUID } from 'mongodb';
import type { CollectionInfo } from '@lockstep/contracts';
import type { MongoConnection } from '../connection/mongo-connection.js';
import { RawCursor } from '../raw-reply/raw-cursor.js';
import type { CursorReply } from '../raw-reply/cursor-reply.js';
import { ORDINARY_COLLECTION, type CollectionTraits } from './collection-traits.js';

interface ListedCollection {
  readonly name: string;
  readonly type?: string;
  readonly options?: { readonly clusteredIndex?: unknown; readonly collation?: unknown };
  readonly info?: { readonly uuid?: UUID };
}

/** Reads `listCollections` of one database. */
export class CollectionListing {
  readonly #connection: MongoConnection;
  readonly #database: string;

  constructor(connection: MongoConnection, database: string) {
    this.#connection = connection;
    this.#database = database;
  }

  /**
   * All collections, views and time-series collections, without those of the server itself, by name.
   * @throws LockstepError SOURCE_PERMISSION_MISSING, SOURCE_UNREACHABLE, …
   */
  async list(signal: AbortSignal): Promise<readonly CollectionInfo[]> {
    const listed = await this.#read({}, signal);
    return listed
      .filter(({ name }) => !name.startsWith('system.'))
      .map(toCollectionInfo)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** How to read a collection; one that does not exist is an ordinary one. */
  async traits(name: string, signal: AbortSignal): Promise<CollectionTraits> {
    const [listed] = await this.#read({ name }, signal);
    if (listed === undefined) return ORDINARY_COLLECTION;
    return {
      hasIdIndex: toCollectionInfo(listed).type === 'collection',
      isClustered: listed.options?.clusteredIndex !== undefined,
      hasCollation: listed.options?.collation !== undefined,
    };
  }

  async #read(filter: Document, signal: AbortSignal): Promise<ListedCollection[]> {
    const request = { database: this.#database, doing: 'listing collections' };
    const cursor = new RawCursor(this.#connection, request, '$cmd.listCollections');
    try {
      const listed = decode(await cursor.open({ listCollections: 1, filter, cursor: { batchSize: 1_000 } }, signal));
      while (cursor.isOpen) listed.push(...decode(await cursor.getMore({ signal })));
      return listed;
    } finally {
      await cursor.close();
    }
  }
}

function toCollectionInfo(listed: ListedCollection): CollectionInfo {
  const type = listed.type === 'view' || listed.type === 'timeseries' ? listed.type : 'collection';
  return { name: listed.name, type, uuid: listed.info?.uuid?.toHexString(false) ?? null };
}

function decode({ source, bounds }: CursorReply): ListedCollection[] {
  const listed: ListedCollection[] = [];
  for (let i = 0; i < bounds.length; i += 2) {
    listed.push(BSON.deserialize(source.subarray(bounds[i], bounds[i + 1])) as ListedCollection);
  }
  return listed;
}
