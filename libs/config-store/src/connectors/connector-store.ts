import { isDeepStrictEqual } from 'node:util';
import type { Connector, ConnectorConfig, DesiredState } from '@lockstep/contracts';
import { LockstepError, systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, etagOf, stateAlias, type ElasticClient, type StoredDocument } from '@lockstep/elastic';
import { checkIfMatch } from '../documents/if-match.js';
import {
  decodePageToken,
  encodePageToken,
  MAX_PAGE_SIZE,
  pageSizeOf,
  type Page,
  type PageRequest,
} from '../documents/page-token.js';
import { checkSchema, retryOnConflict } from '../documents/retry-on-conflict.js';
import { nameKey, toConnector, type ConnectorDocument, type NameClaim } from './connector-document.js';
import { isConnectorId, newConnectorId } from './connector-id.js';
import { NameClaims } from './name-claims.js';

type Stored = StoredDocument<ConnectorDocument>;

const VISIBLE = { refresh: true };
const IS_CONNECTOR = [{ term: { kind: 'connector' } }, { term: { schema: 1 } }];

/**
 * Connector definitions of `<prefix>-connectors`. Every write is a compare-and-set on what was read; `ifMatch` is the
 * `If-Match` header, and without it the change is repeated on top of a concurrent one.
 */
export class ConnectorStore {
  readonly #store: DocumentStore<ConnectorDocument>;
  readonly #names: NameClaims;

  constructor(
    client: ElasticClient,
    prefix: string,
    private readonly clock: Clock = systemClock,
  ) {
    const alias = stateAlias(prefix, 'connectors');
    this.#store = new DocumentStore(client, alias);
    this.#names = new NameClaims(new DocumentStore<NameClaim>(client, alias), this.#store, clock);
  }

  /**
   * Creates a connector, stopped.
   * @param id the id that the secrets of `config` are bound to
   * @throws LockstepError CONNECTOR_NAME_TAKEN
   */
  async create(config: ConnectorConfig, id: string = newConnectorId(this.clock.nowMs())): Promise<Connector> {
    const { name } = config;
    await this.#names.claim(name, id);
    const now = this.now();
    const base = { schema: 1, kind: 'connector', id, name, revision: 1, desiredState: 'stopped' } as const;
    const stored = await this.createOrFind({ ...base, config, createdAt: now, updatedAt: now });
    if (await this.#names.holds(name, id)) return toConnector(stored);
    await this.#store.delete(stored, VISIBLE);
    throw new LockstepError('CONNECTOR_NAME_TAKEN');
  }

  /** @throws LockstepError CONNECTOR_UNKNOWN, CONFIG_SCHEMA_UNKNOWN */
  async get(id: string): Promise<Connector> {
    return toConnector(await this.find(id));
  }

  /** Null when there is none, whatever version wrote it. */
  async nameOf(id: string): Promise<string | null> {
    const stored = isConnectorId(id) ? await this.#store.get(id) : undefined;
    return stored?.source.name ?? null;
  }

  /**
   * Connectors in the order of their ids, which is that of their creation. Those of a newer schema are left out.
   * @throws LockstepError API_REQUEST_INVALID
   */
  async list(page: PageRequest = {}): Promise<Page<Connector>> {
    const { items, nextPageToken } = await this.search(IS_CONNECTOR, page);
    return { items, nextPageToken };
  }

  /** All connectors whose desired state is `running` or `paused`: what workers look after. */
  async listRunnable(): Promise<readonly Connector[]> {
    const filter = [...IS_CONNECTOR, { terms: { desiredState: ['running', 'paused'] } }];
    const all: Connector[] = [];
    let pageToken: string | null = null;
    do {
      const page: Page<Connector> = await this.search(filter, { pageSize: MAX_PAGE_SIZE, pageToken: pageToken ?? '' });
      all.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
    return all;
  }

  /**
   * Replaces the config; the revision grows unless nothing changes. A config that was made from an earlier read (a
   * patch) should name that read by `ifMatch`.
   * @throws LockstepError CONNECTOR_UNKNOWN, CONNECTOR_NAME_TAKEN, API_PRECONDITION_FAILED
   */
  async replaceConfig(id: string, config: ConnectorConfig, ifMatch?: string): Promise<Connector> {
    const before = await this.find(id);
    checkIfMatch(ifMatch, etagOf(before));
    const isRenamed = nameKey(before.source.name) !== nameKey(config.name);
    if (isRenamed) await this.#names.claim(config.name, id);
    try {
      const changed = await this.update(id, ifMatch, ({ revision, config: old }) =>
        isDeepStrictEqual(old, config) ? null : { config, name: config.name, revision: revision + 1 },
      );
      if (isRenamed) await this.#names.release(before.source.name, id);
      return changed;
    } catch (error) {
      if (isRenamed) await this.#names.release(config.name, id);
      throw error;
    }
  }

  /** @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED */
  setDesiredState(id: string, desired: DesiredState, ifMatch?: string): Promise<Connector> {
    return this.update(id, ifMatch, ({ desiredState }) =>
      desiredState === desired ? null : { desiredState: desired },
    );
  }

  /** @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED */
  async delete(id: string, ifMatch?: string): Promise<void> {
    const name = await retryOnConflict(async () => {
      const current = await this.find(id);
      checkIfMatch(ifMatch, etagOf(current));
      await this.#store.delete(current, VISIBLE);
      return current.source.name;
    });
    await this.#names.release(name, id);
  }

  /** An answer that was lost does not undo a creation: what is there under our own new id is ours. */
  private async createOrFind(document: ConnectorDocument): Promise<Stored> {
    try {
      return await this.#store.create(document.id, document, VISIBLE);
    } catch (error) {
      const found = await this.#store.get(document.id);
      if (found?.source.createdAt === document.createdAt) return found;
      await this.#names.release(document.name, document.id);
      throw error;
    }
  }

  /** @param change what is to be different; null leaves the document as it is */
  private update(
    id: string,
    ifMatch: string | undefined,
    change: (current: ConnectorDocument) => Partial<ConnectorDocument> | null,
  ): Promise<Connector> {
    return retryOnConflict(async () => {
      const current = await this.find(id);
      checkIfMatch(ifMatch, etagOf(current));
      const changes = change(current.source);
      if (changes === null) return toConnector(current);
      const next = { ...current.source, ...changes, updatedAt: this.now() };
      return toConnector(await this.#store.replace(current, next, VISIBLE));
    });
  }

  private async find(id: string): Promise<Stored> {
    const stored = isConnectorId(id) ? await this.#store.get(id) : undefined;
    if (stored === undefined) throw new LockstepError('CONNECTOR_UNKNOWN');
    checkSchema(stored.source.schema, `connector ${id}`);
    return stored;
  }

  private async search(filter: readonly object[], page: PageRequest): Promise<Page<Connector>> {
    const size = pageSizeOf(page);
    const after = decodePageToken(page);
    const { documents } = await this.#store.search({
      query: { bool: { filter } },
      sort: [{ id: 'asc' }],
      size: size + 1,
      ...(after === undefined ? {} : { searchAfter: [after] }),
    });
    const shown = documents.slice(0, size);
    const last = documents.length > size ? shown.at(-1) : undefined;
    return {
      items: shown.map(toConnector),
      nextPageToken: last === undefined ? null : encodePageToken(last.source.id),
    };
  }

  private now(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }
}
