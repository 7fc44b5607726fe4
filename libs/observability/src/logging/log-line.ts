import type { DomainEvent } from '@lockstep/contracts';
import { ERROR_CATALOGUE, type ErrorCode } from '@lockstep/core';

export type LineLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  readonly level: LineLevel;
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function errorFields(code: ErrorCode): Record<string, unknown> {
  return { errCode: code, errKind: ERROR_CATALOGUE[code].kind };
}

function line(level: LineLevel, msg: string, fields: Record<string, unknown>): LogLine {
  return { level, msg, fields };
}

/**
 * The log line of a domain event; null for what happens per document or per batch so often that a line
 * would drown the rest (metrics and the live page show it).
 */
export function logLine(event: DomainEvent): LogLine | null {
  switch (event.type) {
    case 'worker.started':
      return line('info', `worker ${event.workerId} started`, { workerId: event.workerId, version: event.version });
    case 'worker.stopping':
      return line('info', `worker stops: ${event.reason}`, { workerId: event.workerId });
    case 'heartbeat.failed':
      return line('warn', 'the worker cannot write its documents', errorFields(event.code));
    case 'supervisor.failed':
      return line('warn', 'the worker cannot look for work', errorFields(event.code));
    case 'lease.claimed':
    case 'lease.released':
    case 'lease.lost':
      return leaseLine(event);
    case 'connector.observed':
      return connectorLine(event);
    case 'job.changed':
      return jobLine(event);
    case 'session.failed':
      return line('warn', event.detail === null ? 'a session ended' : `a session ended: ${event.detail}`, {
        connectorId: event.connectorId,
        ...errorFields(event.code),
      });
    case 'stream.stalled':
      return line('warn', 'a change stream stood still and is opened anew', {
        connectorId: event.connectorId,
        stillMs: event.stillMs,
        restarts: event.restarts,
        ...errorFields('SOURCE_STREAM_STALLED'),
      });
    case 'sweep.finished':
      return line('info', sweepMessage(event), {
        connectorId: event.connectorId,
        durationMs: event.durationMs,
      });
    case 'collection.sampled':
      return line(
        event.code === null ? 'info' : 'warn',
        `sample of ${event.namespace}: ${event.documents} documents, ${event.fields} fields`,
        {
          connectorId: event.connectorId,
          durationMs: event.durationMs,
          ...(event.code === null ? {} : errorFields(event.code)),
        },
      );
    case 'scan.turned':
    case 'stream.batched':
    case 'checkpoint.saved':
    case 'conversion.noted':
      return turnLine(event);
    case 'lag.measured':
    case 'headroom.measured':
    case 'bulk.answered':
    case 'change.applied':
    case 'job.progressed':
      return null;
  }
}

function leaseLine(event: Extract<DomainEvent, { type: 'lease.claimed' | 'lease.released' | 'lease.lost' }>): LogLine {
  const fields = { connectorId: event.connectorId, partition: event.partition, epoch: event.epoch };
  switch (event.type) {
    case 'lease.claimed':
      return line('info', event.isTakeover ? 'lease taken over' : 'lease claimed', fields);
    case 'lease.released':
      return line('info', 'lease released', fields);
    case 'lease.lost':
      return line('warn', 'lease lost', { ...fields, ...errorFields('JOB_LEASE_LOST') });
  }
}

function connectorLine(event: Extract<DomainEvent, { type: 'connector.observed' }>): LogLine {
  const [first] = event.conditions;
  const isBad = event.state === 'failed' || event.state === 'attention' || event.state === 'resync_required';
  const level = isBad ? 'error' : first === undefined ? 'info' : 'warn';
  const reason = first === undefined ? '' : `: ${first.message}`;
  return line(level, `connector is ${event.state}${reason}`, {
    connectorId: event.connectorId,
    partition: event.partition,
    stage: event.state,
    ...(first === undefined ? {} : errorFields(first.code)),
  });
}

function jobLine(event: Extract<DomainEvent, { type: 'job.changed' }>): LogLine {
  return line(event.state === 'failed' ? 'error' : 'info', `${event.jobType} job is ${event.state}`, {
    connectorId: event.connectorId,
    jobId: event.jobId,
    stage: event.state,
    ...(event.code === null ? {} : errorFields(event.code)),
  });
}

function turnLine(
  event: Extract<DomainEvent, { type: 'scan.turned' | 'stream.batched' | 'checkpoint.saved' | 'conversion.noted' }>,
): LogLine {
  const { connectorId } = event;
  switch (event.type) {
    case 'scan.turned':
      return line('debug', `scan turn of ${event.namespace}: ${event.documents} documents`, {
        connectorId,
        bytes: event.bytes,
        durationMs: event.durationMs,
      });
    case 'stream.batched':
      return line('debug', `stream batch: ${event.changes} changes, ${event.documents} documents`, {
        connectorId,
        bytes: event.bytes,
        durationMs: event.durationMs,
      });
    case 'checkpoint.saved':
      return line('debug', 'checkpoint saved', {
        connectorId,
        partition: event.partition,
        durationMs: event.durationMs,
      });
    case 'conversion.noted':
      return line('debug', `conversions in ${event.namespace}`, { connectorId, notes: event.notes });
  }
}

function sweepMessage(event: Extract<DomainEvent, { type: 'sweep.finished' }>): string {
  const { namespace, removed, walked, undecided } = event;
  const left = undecided === 0 ? '' : `, ${undecided} left because nothing tells their _id`;
  return `sweep of ${namespace}: ${removed} of ${walked} removed${left}`;
}
