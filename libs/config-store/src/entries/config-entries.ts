import { LockstepError } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import type { SecretSealer } from '@lockstep/sealed-secrets';
import type { ConfigEntryDocument, ConfigEntryInput, ConfigEntryView, Page, PageRequest } from './config-entry.js';

/** Reads an entry as it is stored; what a SecretResolver needs. */
export interface ConfigEntryReader {
  read(key: string): Promise<ConfigEntryDocument | undefined>;
}

/** Key/value entries of `<prefix>-config`. */
export class ConfigEntries implements ConfigEntryReader {
  constructor(
    readonly client: ElasticClient,
    readonly prefix: string,
    readonly sealer: SecretSealer | null,
  ) {}

  list(_page: PageRequest = {}): Promise<Page<ConfigEntryView>> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError CONFIG_ENTRY_UNKNOWN */
  get(_key: string): Promise<ConfigEntryView> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  read(_key: string): Promise<ConfigEntryDocument | undefined> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError API_PRECONDITION_FAILED, API_REQUEST_INVALID, API_FIELD_UNKNOWN, SECRET_MALFORMED, KEY_UNKNOWN */
  put(_key: string, _input: unknown, _ifMatch?: string): Promise<{ entry: ConfigEntryView; isNew: boolean }> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError CONFIG_ENTRY_UNKNOWN, API_PRECONDITION_FAILED */
  delete(_key: string, _ifMatch?: string): Promise<void> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
}
