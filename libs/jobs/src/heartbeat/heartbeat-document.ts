import type { WorkerHeartbeat } from '@lockstep/contracts';

/** A worker's heartbeat as it is stored, under the worker's id. */
export interface HeartbeatDocument extends WorkerHeartbeat {
  readonly kind: 'heartbeat';
}
