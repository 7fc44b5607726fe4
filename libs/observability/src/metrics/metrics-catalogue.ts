export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One row of the metrics reference. Names and labels are stable, like the API. */
export interface MetricDefinition {
  /** `lockstep_<noun>_<unit>[_total]` */
  readonly name: string;
  readonly type: MetricType;
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in the unit of its name. */
  readonly buckets?: readonly number[];
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const BY_CONNECTOR = ['connector'] as const;

const counter = (help: string, labels: readonly string[] = []) => ({ type: 'counter', help, labels }) as const;
const gauge = (help: string, labels: readonly string[] = []) => ({ type: 'gauge', help, labels }) as const;
const seconds = (help: string, labels: readonly string[] = []) =>
  ({ type: 'histogram', help, labels, buckets: SECONDS }) as const;

const METRICS = {
  lockstep_worker_info: gauge('Always 1; the version of the worker is a label.', ['version']),
  lockstep_heartbeat_failures_total: counter('Heartbeats and live documents that could not be written.'),
  lockstep_supervisor_failures_total: counter('Looks for work that failed.'),
  lockstep_lease_partitions: gauge('Partitions whose lease this worker holds.'),
  lockstep_lease_claims_total: counter('Leases claimed, takeovers included.'),
  lockstep_lease_takeovers_total: counter('Leases claimed from a worker that was gone.'),
  lockstep_lease_losses_total: counter('Leases lost to another worker or fenced.'),
  lockstep_connector_state: gauge('1 for the observed state of a connector, 0 for every other state.', [
    'connector',
    'state',
  ]),
  lockstep_connector_quarantined: gauge(
    '1 while a connector is left alone because it ends its workers; told by the admin API, absent otherwise.',
    BY_CONNECTOR,
  ),
  lockstep_connector_conditions: gauge('Conditions that a connector has now.', BY_CONNECTOR),
  lockstep_job_changes_total: counter('Jobs that entered a state.', ['type', 'state']),
  lockstep_scan_documents_total: counter('Documents read by bulk syncs.', BY_CONNECTOR),
  lockstep_scan_bytes_total: counter('Bytes read by bulk syncs.', BY_CONNECTOR),
  lockstep_stream_changes_total: counter('Changes read from change streams.', BY_CONNECTOR),
  lockstep_stream_documents_total: counter('Documents looked up for changes.', BY_CONNECTOR),
  lockstep_stream_bytes_total: counter('Bytes read for changes.', BY_CONNECTOR),
  lockstep_stream_stalls_total: counter(
    'Change streams that stood still while the source went on, and were opened anew.',
    BY_CONNECTOR,
  ),
  lockstep_session_failures_total: counter('Sessions of a connector that ended with an error.', BY_CONNECTOR),
  lockstep_stream_lag_seconds: gauge(
    'How far the stream sync is behind the source, also between tries; grows while the source is silent; absent until known.',
    BY_CONNECTOR,
  ),
  lockstep_oplog_headroom_seconds: gauge(
    'Time until the source forgets the position, also between tries; absent while unknown, or not looked at for 5 minutes.',
    BY_CONNECTOR,
  ),
  lockstep_oplog_window_seconds: gauge(
    'Time that the oplog of the source spans when it is full; absent like the headroom.',
    BY_CONNECTOR,
  ),
  lockstep_bulk_requests_total: counter('Bulk requests answered.', BY_CONNECTOR),
  lockstep_bulk_items_total: counter('Items of bulk requests answered.', BY_CONNECTOR),
  lockstep_bulk_bytes_total: counter('Bytes of bulk requests answered.', BY_CONNECTOR),
  lockstep_bulk_duration_seconds: seconds('Time from a bulk request to its answer.'),
  lockstep_indexed_documents_total: counter('Writes of documents that Elasticsearch took.', BY_CONNECTOR),
  lockstep_deleted_documents_total: counter('Deletions of documents that Elasticsearch took.', BY_CONNECTOR),
  lockstep_conflict_documents_total: counter(
    'Writes that found a newer version in the index: success; a high ratio is an alarm.',
    BY_CONNECTOR,
  ),
  lockstep_dead_letter_documents_total: counter('Documents that became dead letters.', BY_CONNECTOR),
  lockstep_open_dead_letters: gauge(
    'Dead letters that are open now; told by the admin API, for every connector.',
    BY_CONNECTOR,
  ),
  lockstep_retried_documents_total: counter('Items that were sent again.', BY_CONNECTOR),
  lockstep_swept_documents_total: counter('Orphans removed by sweeps.', BY_CONNECTOR),
  lockstep_conversion_fields_total: counter('Values that the conversion to JSON had to bend, by kind.', [
    'connector',
    'kind',
  ]),
  lockstep_checkpoint_saves_total: counter('Checkpoints saved.', BY_CONNECTOR),
  lockstep_checkpoint_duration_seconds: seconds('Time that saving a checkpoint took.'),
  lockstep_checkpoint_timestamp_seconds: gauge('Unix time of the last saved checkpoint.', BY_CONNECTOR),
  lockstep_api_duration_seconds: seconds('Time that requests to the API took.', ['method', 'route', 'status']),
  lockstep_api_listeners: gauge('Open connections that listen to live events.'),
} as const satisfies Record<string, Omit<MetricDefinition, 'name'>>;

export type MetricName = keyof typeof METRICS;

/**
 * Every metric of our own, in the order of the reference page. Those of the process (`process_*`,
 * `nodejs_*`) come from prom-client.
 */
export const METRICS_CATALOGUE: readonly (MetricDefinition & { readonly name: MetricName })[] = (
  Object.entries(METRICS) as [MetricName, Omit<MetricDefinition, 'name'>][]
).map(([name, rest]) => ({ name, ...rest }));

/** Counters that exist at 0 as soon as a connector is known, so that their first increment is seen as one. */
export const CONNECTOR_COUNTERS: readonly MetricName[] = METRICS_CATALOGUE.filter(
  ({ type, labels }) => type === 'counter' && labels.length === 1 && labels[0] === 'connector',
).map(({ name }) => name);

/** The one gauge of a connector that has a series per observed state. */
export const STATE_GAUGE = 'lockstep_connector_state' satisfies MetricName;
