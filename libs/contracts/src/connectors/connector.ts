import type { Condition, DesiredState, ObservedState } from './connector-state.js';
import type { ErrorMonitorConfig } from './error-monitor-config.js';

/**
 * A value that may be secret, as it is stored: plain text, the name of a config entry, or an outer JWE
 * that the worker alone can open. `display` is a redacted form that may be shown.
 */
export type StoredSecret =
  | { readonly kind: 'plain'; readonly value: string }
  | { readonly kind: 'config'; readonly key: string }
  | { readonly kind: 'sealed'; readonly jwe: string; readonly keyId: string; readonly display: string | null };

/** Which fields of a document are copied; dotted paths; at most one of the two lists. */
export interface FieldSelection {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
}

/**
 * What becomes of the target of a collection that is dropped, renamed or made anew.
 * - `keep`: it is kept as it is until a resync
 * - `follow`: it is kept until a collection bears the name again, which is then read into it
 * - `empty`: the same, and while none bears the name it is emptied
 */
export type DropPolicy = 'keep' | 'follow' | 'empty';

/** What a change history that is gone leads to: a wait for an operator, or one resync by itself. */
export type HistoryLossPolicy = 'wait' | 'resync';

export interface SourceConfig {
  readonly uri: StoredSecret;
  readonly database: string;
  /** Collection names or patterns in which `*` stands for any characters, 1 … 100 of them. */
  readonly collections: readonly string[];
  /** A MongoDB filter in relaxed Extended JSON; documents outside it are not in the index. */
  readonly filter?: Readonly<Record<string, unknown>>;
  readonly fields?: FieldSelection;
  /** Default: `keep`. */
  readonly onDrop?: DropPolicy;
  /** Default: `wait`. */
  readonly onHistoryLost?: HistoryLossPolicy;
  /** Into how many parts large collections are divided by `_id`, so that several workers share them, 1 … 32. Default: 1. */
  readonly partitions?: number;
}

/** The cluster that a connector writes to, where it is not the cluster of our own state. */
export interface ElasticsearchConfig {
  readonly url: string;
  readonly apiKey?: StoredSecret;
  readonly username?: string;
  readonly password?: StoredSecret;
  /** PEM of the certificate authority. */
  readonly ca?: string;
}

/** `alias`: `sink.index` is a read alias over `<name>-000001`; `index`: a plain index of that name. */
export type TargetLayout = 'alias' | 'index';

/** What happens to the indexed older state of a document whose new state is refused. */
export type RefusedPolicy = 'delete' | 'keepOld';

/** What a string is mapped as: `text` with a `keyword` sub-field, one of the two, or stored only. */
export type StringMapping = 'both' | 'keyword' | 'text' | 'none';

/**
 * What becomes of a field whose values are of several kinds. `deadLetter`: documents that the mapping refuses are
 * dead letters. `ignoreMalformed`: they are indexed without the value. `string`: a field that is met with several
 * kinds before it is mapped is mapped as a string.
 */
export type ConflictPolicy = 'deadLetter' | 'ignoreMalformed' | 'string';

/** How one field is mapped, either way. */
export interface FieldOptions {
  readonly strings?: StringMapping;
  /** The object and all below it is one field of keywords. */
  readonly type?: 'flattened';
}

export interface SinkConfig {
  /** Index name template with `{database}` and `{collection}`. */
  readonly index: string;
  readonly layout: TargetLayout;
  /** Take over an existing target that does not carry our mark. */
  readonly adopt: boolean;
  readonly onRefused: RefusedPolicy;
  readonly elasticsearch?: ElasticsearchConfig;
  /** What strings are mapped as. Default: `both`. */
  readonly strings?: StringMapping;
  /** Default: `deadLetter`. */
  readonly conflicts?: ConflictPolicy;
  /** By dotted path as it stands in the index. */
  readonly fields?: Readonly<Record<string, FieldOptions>>;
  /** Mappings (`properties`, `dynamic_templates`, …) that win over those known from BSON types. */
  readonly mappings?: Readonly<Record<string, unknown>>;
  /** Index settings, without the `index.` prefix or with it. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Largest share of an index that a sweep removes without a confirmation, 0 … 1. */
  readonly brakeRatio: number;
  /** Store the body and Elasticsearch's reason in dead letters; both are document content. */
  readonly deadLetterContent: boolean;
  /** Default: `DEFAULT_ERROR_MONITOR`. */
  readonly errorMonitor?: ErrorMonitorConfig;
}

export interface ConnectorConfig {
  readonly name: string;
  readonly source: SourceConfig;
  readonly sink: SinkConfig;
}

/** A connector as the config store keeps it. */
export interface Connector {
  /** `con_` + 26 sortable characters. */
  readonly id: string;
  /** Counts the changes of `config`, from 1. */
  readonly revision: number;
  readonly desiredState: DesiredState;
  readonly config: ConnectorConfig;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** `<seq_no>.<primary_term>` of the stored document: what a compare-and-set write names. */
  readonly etag: string;
}

export interface ConnectorStatus {
  readonly observedState: ObservedState;
  readonly conditions: readonly Condition[];
}
