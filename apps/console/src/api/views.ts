import type {
  Condition,
  DesiredState,
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
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One namespace and the target that it goes to. */
export interface BindingView {
  readonly namespace: string;
  readonly index: string;
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

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken: string | null;
}
