import type {
  Condition,
  DesiredState,
  Generation,
  Job,
  ObservedState,
  RecentChange,
  SourceConfig,
  WorkerHeartbeat,
} from '@lockstep/contracts';

/** A secret-bearing value as the API shows it: redacted text, the name of a config entry, or that it is sealed. */
export type SecretView =
  string | { readonly config: string } | { readonly sealed: true; readonly keyId?: string } | null;

/** A connector as the API shows it; secrets are redacted. */
export interface ConnectorView {
  readonly id: string;
  readonly name: string;
  readonly revision: number;
  readonly desiredState: DesiredState;
  readonly observedState: ObservedState;
  readonly conditions: readonly Condition[];
  readonly source: Omit<SourceConfig, 'uri'> & { readonly uri: SecretView };
  readonly sink: { readonly index: string } & Readonly<Record<string, unknown>>;
  /** Resolved by a worker; absent until then. */
  readonly bindings?: readonly BindingView[];
  /** Documents that are not in the index as they are in the source. */
  readonly openDeadLetters: number;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One namespace and the target that it goes to. */
export interface BindingView {
  readonly namespace: string;
  readonly index: string;
}

/** One filling of the targets of a connector. */
export interface GenerationView extends Generation {
  readonly bindings: readonly BindingView[];
  /** What searches find in its indices; null where the API cannot ask. */
  readonly documents: number | null;
  /** Changes of the source up to here are in it, ISO 8601, UTC; null without a position. */
  readonly followedTo: string | null;
}

export interface GenerationListView {
  /** Oldest first. */
  readonly items: readonly GenerationView[];
  /** Number of the one that a rollback returns to; null when there is none. */
  readonly rollbackTo: number | null;
}

/** What setting a position came to. */
export interface PositionChangeView {
  readonly connectorId: string;
  readonly auditId: string;
  /** Position before, as `<seconds>.<increment>`; of several partitions the earliest. */
  readonly from: string | null;
  readonly to: string;
  /** Changes were left out: a bulk sync reads everything again as soon as the connector runs. */
  readonly isResyncDue: boolean;
}

export type JobView = Omit<Job, 'etag'>;

/** A worker with what the API knows of its heartbeat. */
export interface WorkerView extends Omit<WorkerHeartbeat, 'incarnation' | 'beat'> {
  /** Age of the last heartbeat when the API answered, milliseconds. */
  readonly ageMs: number;
  readonly isAlive: boolean;
}

/** One change with the worker that applied it. */
export interface ChangeView extends RecentChange {
  readonly workerId: string;
}

export interface LagView {
  readonly connectorId: string;
  /** How far behind the source, milliseconds. */
  readonly lagMs: number;
}

export type LetterState = 'open' | 'resolved' | 'discarded';

/** A document that is not in the index as it is in the source, and why. */
export interface DeadLetterView {
  readonly id: string;
  readonly state: LetterState;
  /** `database.collection` */
  readonly namespace: string;
  readonly index: string;
  /** Id of the document in Elasticsearch. */
  readonly documentId: string;
  /** Its `_id` in MongoDB as typed text. */
  readonly originalId: string;
  readonly version: string;
  readonly code: string;
  readonly errorType: string;
  readonly remedy: string;
  readonly field: string | null;
  /** The index still holds an older state. */
  readonly isStale: boolean;
  /** Document content; null unless the connector allows it to be kept. */
  readonly reason: string | null;
  readonly body: string | null;
  readonly seenCount: number;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly closedAt: string | null;
  readonly discardedBy: string | null;
  readonly discardReason: string | null;
  /** Set until a worker has tried the document again. */
  readonly retry: { readonly requestedAt: string; readonly requestedBy: string } | null;
  /** Why the last retry could not be made. */
  readonly note: string | null;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | null;
}
