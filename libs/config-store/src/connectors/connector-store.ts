import type { Connector, ConnectorConfig, DesiredState } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import type { Page, PageRequest } from '../entries/config-entry.js';

/** Connector definitions of `<prefix>-connectors`. */
export class ConnectorStore {
  constructor(
    readonly client: ElasticClient,
    readonly prefix: string,
  ) {}

  /** @throws LockstepError CONNECTOR_NAME_TAKEN */
  create(_config: ConnectorConfig, _id?: string): Promise<Connector> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError CONNECTOR_UNKNOWN */
  get(_id: string): Promise<Connector> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  list(_page: PageRequest = {}): Promise<Page<Connector>> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** Connectors whose desired state is `running` or `paused`. */
  listRunnable(): Promise<readonly Connector[]> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError CONNECTOR_UNKNOWN, CONNECTOR_NAME_TAKEN, API_PRECONDITION_FAILED */
  replaceConfig(_id: string, _config: ConnectorConfig, _ifMatch?: string): Promise<Connector> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED */
  setDesiredState(_id: string, _desired: DesiredState, _ifMatch?: string): Promise<Connector> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
  /** @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED */
  delete(_id: string, _ifMatch?: string): Promise<void> {
    return Promise.reject(new LockstepError('INTERNAL_ERROR'));
  }
}
