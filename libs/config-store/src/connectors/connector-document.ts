import type { Connector } from '@lockstep/contracts';
import { etagOf, type StoredDocument } from '@lockstep/elastic';

/** A connector in `<prefix>-connectors`, under its id. */
export interface ConnectorDocument extends Omit<Connector, 'etag'> {
  readonly schema: 1;
  readonly kind: 'connector';
  /** As in `config`, for lists. */
  readonly name: string;
}

/** Who has a name, under `name:<name in lower case>`: Elasticsearch has no unique fields, but unique ids. */
export interface NameClaim {
  readonly schema: 1;
  readonly kind: 'name';
  readonly name: string;
  readonly connectorId: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
}

/** Names that differ by case or by Unicode form only are one name. */
export const nameKey = (name: string): string => `name:${name.normalize('NFC').toLowerCase()}`;

export function toConnector(stored: StoredDocument<ConnectorDocument>): Connector {
  const { id, revision, desiredState, config, createdAt, updatedAt } = stored.source;
  return { id, revision, desiredState, config, createdAt, updatedAt, etag: etagOf(stored) };
}
