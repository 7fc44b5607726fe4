import type { Connector } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';

/**
 * Applies an RFC 7396 merge patch to what the API shows of the connector. The result is input for
 * `parseConnectorInput` with the connector's config as `current`, which keeps untouched secrets.
 * @throws LockstepError API_REQUEST_MALFORMED
 */
export function patchConnector(_current: Connector, _patch: unknown): Readonly<Record<string, unknown>> {
  throw new LockstepError('INTERNAL_ERROR');
}
