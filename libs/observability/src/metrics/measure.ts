import type { DomainEvent } from '@lockstep/contracts';
import type { Meter } from './meter.js';

/** What a domain event adds to the figures. What a partition shows of itself now is kept by `ConnectorSeries`. */
export function measure(meter: Meter, event: DomainEvent): void {
  switch (event.type) {
    case 'worker.started':
      meter.set('lockstep_worker_info', { version: event.version }, 1);
      return;
    case 'heartbeat.failed':
      meter.add('lockstep_heartbeat_failures_total');
      return;
    case 'supervisor.failed':
      meter.add('lockstep_supervisor_failures_total');
      return;
    case 'lease.claimed':
    case 'lease.released':
    case 'lease.lost':
      measureLease(meter, event);
      return;
    case 'job.changed':
      meter.add('lockstep_job_changes_total', { type: event.jobType, state: event.state });
      return;
    case 'scan.turned':
    case 'stream.batched':
    case 'stream.stalled':
    case 'session.failed':
      measureSource(meter, event);
      return;
    case 'bulk.answered':
      measureBulk(meter, event);
      return;
    case 'checkpoint.saved':
      meter.add('lockstep_checkpoint_saves_total', { connector: event.connectorId });
      meter.observe('lockstep_checkpoint_duration_seconds', {}, event.durationMs / 1_000);
      return;
    case 'conversion.noted':
      for (const [kind, count] of Object.entries(event.notes)) {
        meter.add('lockstep_conversion_fields_total', { connector: event.connectorId, kind }, count);
      }
      return;
    case 'sweep.finished':
      meter.add('lockstep_swept_documents_total', { connector: event.connectorId }, event.removed);
      return;
    case 'worker.stopping':
    case 'collection.sampled':
    case 'change.applied':
    case 'job.progressed':
    case 'connector.observed':
    case 'lag.measured':
    case 'headroom.measured':
      return;
  }
}

function measureLease(
  meter: Meter,
  event: Extract<DomainEvent, { type: 'lease.claimed' | 'lease.released' | 'lease.lost' }>,
): void {
  meter.shift('lockstep_lease_partitions', event.type === 'lease.claimed' ? 1 : -1);
  if (event.type === 'lease.lost') meter.add('lockstep_lease_losses_total');
  if (event.type !== 'lease.claimed') return;
  meter.add('lockstep_lease_claims_total');
  if (event.isTakeover) meter.add('lockstep_lease_takeovers_total');
}

function measureSource(
  meter: Meter,
  event: Extract<DomainEvent, { type: 'scan.turned' | 'stream.batched' | 'stream.stalled' | 'session.failed' }>,
): void {
  const labels = { connector: event.connectorId };
  switch (event.type) {
    case 'scan.turned':
      meter.add('lockstep_scan_documents_total', labels, event.documents);
      meter.add('lockstep_scan_bytes_total', labels, event.bytes);
      return;
    case 'stream.batched':
      meter.add('lockstep_stream_changes_total', labels, event.changes);
      meter.add('lockstep_stream_documents_total', labels, event.documents);
      meter.add('lockstep_stream_bytes_total', labels, event.bytes);
      return;
    case 'stream.stalled':
      meter.add('lockstep_stream_stalls_total', labels);
      return;
    case 'session.failed':
      meter.add('lockstep_session_failures_total', labels);
  }
}

function measureBulk(meter: Meter, event: Extract<DomainEvent, { type: 'bulk.answered' }>): void {
  const labels = { connector: event.connectorId };
  meter.add('lockstep_bulk_requests_total', labels);
  meter.add('lockstep_bulk_items_total', labels, event.items);
  meter.add('lockstep_bulk_bytes_total', labels, event.bytes);
  meter.observe('lockstep_bulk_duration_seconds', {}, event.durationMs / 1_000);
  meter.add('lockstep_indexed_documents_total', labels, event.indexed);
  meter.add('lockstep_deleted_documents_total', labels, event.deleted);
  meter.add('lockstep_conflict_documents_total', labels, event.conflicts);
  meter.add('lockstep_dead_letter_documents_total', labels, event.deadLettered);
  meter.add('lockstep_retried_documents_total', labels, event.retried);
}
