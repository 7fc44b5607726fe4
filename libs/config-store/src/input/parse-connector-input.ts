import type { ConnectorConfig } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { SecretSealer } from '@lockstep/sealed-secrets';

export interface ConnectorInputContext {
  /** Id of the connector: part of what its secrets are bound to. */
  readonly id: string;
  readonly sealer: SecretSealer;
  /** The config that is replaced; its secrets may be kept. */
  readonly current?: ConnectorConfig;
}

/**
 * Checks what a client sent, fills defaults, seals secrets.
 * @throws LockstepError API_REQUEST_MALFORMED, API_REQUEST_INVALID, API_FIELD_UNKNOWN, with the fields
 */
export function parseConnectorInput(_input: unknown, _context: ConnectorInputContext): Promise<ConnectorConfig> {
  return Promise.reject(new LockstepError('INTERNAL_ERROR'));
}
