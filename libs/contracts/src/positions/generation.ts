import type { SinkConfig, SourceConfig } from '../connectors/connector.js';

/**
 * Where a generation stands.
 * - `filling`: its index is made and read by nobody yet; another one serves
 * - `returning`: it served before, and replays what it missed since
 * - `switching`: complete; the read aliases move to it now. From here on there is no way back but a rollback
 * - `serving`: the read aliases lead to it
 * - `retired`: it served before; index and position are kept for a rollback
 * - `discarding`: its indices are being deleted
 */
export type GenerationState = 'filling' | 'returning' | 'switching' | 'serving' | 'retired' | 'discarding';

/** One filling of the targets of a connector. */
export interface Generation {
  /** From 1, never used twice within a connector. */
  readonly number: number;
  readonly state: GenerationState;
  /** The bulk sync that fills it or brings it back; null for the first one of a connector. */
  readonly jobId: string | null;
  /** Revision of the connector when it was begun; null for the first one of a connector. */
  readonly revision: number | null;
  /** ISO 8601, UTC; null for the first one of a connector. */
  readonly createdAt: string | null;
  /** ISO 8601, UTC; null until it has served. */
  readonly servingSince: string | null;
  /** ISO 8601, UTC; null unless it is retired. */
  readonly retiredAt: string | null;
  /** Set when it was to be deleted, and was not, because searches go to it. */
  readonly kept?: KeptGeneration | null;
}

/** Why a retired generation is still there, although it was to be deleted. */
export interface KeptGeneration {
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly message: string;
}

/** What decides which documents arrive and how: fixed for the life of a generation. */
export interface GenerationRules {
  /** Without a database in documents of older versions: the definition's. */
  readonly source: Pick<SourceConfig, 'filter' | 'fields' | 'partitions'> & Partial<Pick<SourceConfig, 'database'>>;
  readonly sink: Pick<SinkConfig, 'index' | 'layout' | 'mappings' | 'strings' | 'conflicts' | 'fields'>;
}
