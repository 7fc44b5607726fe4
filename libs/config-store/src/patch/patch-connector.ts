import type { Connector } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import { connectorConfigView } from '../connectors/connector-view.js';
import { isRecord } from '../input/input-object.js';
import { mergePatch } from './merge-patch.js';

/** Values of their own: secrets, and a query, in which `null` is a condition. */
const WHOLE = ['/source/uri', '/source/filter', '/sink/elasticsearch/apiKey', '/sink/elasticsearch/password'];

/**
 * Applies an RFC 7396 merge patch to what the API shows of the connector's config. The result is input for
 * `parseConnectorInput` with that config as `current`, which keeps the secrets that the patch does not touch.
 * Secret-bearing values and the filter are replaced as a whole.
 * @throws LockstepError API_REQUEST_MALFORMED when the patch is no object
 */
export function patchConnector(current: Connector, patch: unknown): Readonly<Record<string, unknown>> {
  const merged = isRecord(patch) ? mergePatch(connectorConfigView(current.config), patch, WHOLE) : undefined;
  if (!isRecord(merged)) throw new LockstepError('API_REQUEST_MALFORMED', 'The patch must be a JSON object');
  return merged;
}
