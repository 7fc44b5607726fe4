import type { ChangeView, ConnectorView, JobView, LagView, WorkerView } from '../api/views.js';
import type { SseMessage } from './sse-parser.js';

export type EntryKind = 'connectors' | 'jobs' | 'workers';

/** A message of the live stream, told apart. */
export type LiveEvent =
  | { readonly type: 'connector'; readonly value: ConnectorView }
  | { readonly type: 'job'; readonly value: JobView }
  | { readonly type: 'worker'; readonly value: WorkerView }
  | { readonly type: 'removed'; readonly kind: EntryKind; readonly id: string }
  | { readonly type: 'change'; readonly value: ChangeView }
  | { readonly type: 'lag'; readonly value: LagView }
  | { readonly type: 'reset' };

const KINDS: Readonly<Record<string, EntryKind>> = { connector: 'connectors', job: 'jobs', worker: 'workers' };

/** Reads one message; null for types of a newer server and for data that is not what it should be. */
export function readLiveEvent(message: SseMessage): LiveEvent | null {
  if (message.event === 'reset') return { type: 'reset' };
  const data = parseRecord(message.data);
  if (data === null) return null;
  const kind = KINDS[message.event];
  if (kind !== undefined) {
    const id = data.id;
    if (typeof id !== 'string') return null;
    if (data.deleted === true || data.isDeleted === true) return { type: 'removed', kind, id };
    // The server is our own and versioned: a record with an id is what its event type says.
    return { type: message.event, value: data } as unknown as LiveEvent;
  }
  if (message.event === 'change' && typeof data.namespace === 'string') {
    return { type: 'change', value: data as unknown as ChangeView };
  }
  if (message.event === 'lag' && typeof data.connectorId === 'string') {
    return { type: 'lag', value: data as unknown as LagView };
  }
  return null;
}

function parseRecord(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    // A broken message is worth nothing, and the next snapshot replaces it.
    return null;
  }
}
