import { hasCode, LockstepError, systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, etagOf, stateAlias, type ElasticClient, type StoredDocument } from '@lockstep/elastic';
import type { SecretSealer } from '@lockstep/sealed-secrets';
import { checkIfMatch } from '../documents/if-match.js';
import { decodePageToken, encodePageToken, pageSizeOf, type Page, type PageRequest } from '../documents/page-token.js';
import { checkSchema, retryOnConflict } from '../documents/retry-on-conflict.js';
import type { ConfigEntryDocument, ConfigEntryInput, ConfigEntryView } from './config-entry.js';
import { isConfigKey } from './config-key.js';
import { parseEntryInput } from './parse-entry-input.js';

/** Reads an entry as it is stored; what a SecretResolver needs. */
export interface ConfigEntryReader {
  /** Undefined when there is no such entry. */
  read(key: string): Promise<ConfigEntryDocument | undefined>;
}

/** The value part of an entry, sealed where it is to be. */
type EntryContent =
  | { readonly sealed: false; readonly value: unknown }
  | { readonly sealed: true; readonly jwe: string; readonly keyId: string };

function entryView(stored: StoredDocument<ConfigEntryDocument>): ConfigEntryView {
  const { key, updatedAt } = stored.source;
  const common = { key, updatedAt, etag: etagOf(stored) };
  return stored.source.sealed
    ? { ...common, sealed: true, keyId: stored.source.keyId }
    : { ...common, sealed: false, value: stored.source.value };
}

const invalidKey = (): LockstepError =>
  new LockstepError(
    'API_REQUEST_INVALID',
    'A key has 1 to 128 letters, digits, ".", "_", "-", and begins with a letter or digit',
    {
      fields: [{ pointer: '/key', code: 'API_REQUEST_INVALID', message: 'is not a valid key' }],
    },
  );

/** Key/value entries of `<prefix>-config`, plain or sealed. */
export class ConfigEntries implements ConfigEntryReader {
  readonly #store: DocumentStore<ConfigEntryDocument>;

  /** @param sealer null in the worker, which reads only */
  constructor(
    client: ElasticClient,
    prefix: string,
    private readonly sealer: SecretSealer | null,
    private readonly clock: Clock = systemClock,
  ) {
    this.#store = new DocumentStore(client, stateAlias(prefix, 'config'));
  }

  /**
   * Entries in the order of their keys. Entries of a newer schema are left out.
   * @throws LockstepError API_REQUEST_INVALID
   */
  async list(page: PageRequest = {}): Promise<Page<ConfigEntryView>> {
    const size = pageSizeOf(page);
    const after = decodePageToken(page);
    const { documents } = await this.#store.search({
      query: { term: { schema: 1 } },
      sort: [{ key: 'asc' }],
      size: size + 1,
      ...(after === undefined ? {} : { searchAfter: [after] }),
    });
    const shown = documents.slice(0, size);
    const last = documents.length > size ? shown.at(-1) : undefined;
    return {
      items: shown.map(entryView),
      nextPageToken: last === undefined ? null : encodePageToken(last.source.key),
    };
  }

  /** @throws LockstepError CONFIG_ENTRY_UNKNOWN, CONFIG_SCHEMA_UNKNOWN */
  async get(key: string): Promise<ConfigEntryView> {
    const stored = await this.find(key);
    if (stored === undefined) throw new LockstepError('CONFIG_ENTRY_UNKNOWN');
    return entryView(stored);
  }

  /** @throws LockstepError CONFIG_SCHEMA_UNKNOWN */
  async read(key: string): Promise<ConfigEntryDocument | undefined> {
    return (await this.find(key))?.source;
  }

  /**
   * Creates or replaces an entry.
   * @param body `{"value": …}`, `{"secret": text}` or `{"sealed": JWE}`, unchecked
   * @param ifMatch the `If-Match` header; without it the last writer wins
   * @throws LockstepError API_PRECONDITION_FAILED, API_REQUEST_MALFORMED, API_REQUEST_INVALID, API_FIELD_UNKNOWN,
   * SECRET_MALFORMED, KEY_UNKNOWN
   */
  async put(key: string, body: unknown, ifMatch?: string): Promise<{ entry: ConfigEntryView; isNew: boolean }> {
    if (!isConfigKey(key)) throw invalidKey();
    const content = await this.seal(key, parseEntryInput(body));
    return retryOnConflict(async () => {
      const current = await this.find(key);
      checkIfMatch(ifMatch, current === undefined ? undefined : etagOf(current));
      const now = new Date(this.clock.nowMs()).toISOString();
      const createdAt = current?.source.createdAt ?? now;
      const document: ConfigEntryDocument = { schema: 1, key, ...content, createdAt, updatedAt: now };
      const options = { refresh: true };
      const stored = await (current === undefined
        ? this.#store.create(key, document, options)
        : this.#store.replace(current, document, options));
      return { entry: entryView(stored), isNew: current === undefined };
    });
  }

  /** @throws LockstepError CONFIG_ENTRY_UNKNOWN, API_PRECONDITION_FAILED */
  async delete(key: string, ifMatch?: string): Promise<void> {
    await retryOnConflict(async () => {
      const current = await this.find(key);
      if (current === undefined) throw new LockstepError('CONFIG_ENTRY_UNKNOWN');
      checkIfMatch(ifMatch, etagOf(current));
      await this.#store.delete(current, { refresh: true });
    });
  }

  private async find(key: string): Promise<StoredDocument<ConfigEntryDocument> | undefined> {
    if (!isConfigKey(key)) return undefined;
    const stored = await this.#store.get(key);
    if (stored !== undefined) checkSchema(stored.source.schema, `config entry ${key}`);
    return stored;
  }

  private async seal(key: string, input: ConfigEntryInput): Promise<EntryContent> {
    if ('value' in input) return { sealed: false, value: input.value };
    if (this.sealer === null) throw new LockstepError('KEY_MISSING', 'there is no public key to seal with');
    const context = { purpose: 'config', subject: key };
    const field = 'secret' in input ? '/secret' : '/sealed';
    try {
      const sealed = await ('secret' in input
        ? this.sealer.seal(input.secret, context)
        : this.sealer.wrap(input.sealed, context));
      return { sealed: true, ...sealed };
    } catch (error) {
      if (!hasCode(error, 'SECRET_MALFORMED', 'KEY_UNKNOWN')) throw error;
      const { code, message } = error;
      throw new LockstepError(code, message, { cause: error, fields: [{ pointer: field, code, message }] });
    }
  }
}
