import type { ErrorCode } from '@lockstep/core';

/** What the operator wants. */
export type DesiredState = 'running' | 'paused' | 'stopped';

/** What is seen to be. */
export type ObservedState =
  'idle' | 'starting' | 'scanning' | 'streaming' | 'waiting' | 'paused' | 'resync_required' | 'attention' | 'failed';

/** Why something waits, since when, and what to do about it. */
export interface Condition {
  /** Short CamelCase reason, stable, e.g. `SourceUnreachable`. */
  readonly reason: string;
  readonly code: ErrorCode;
  /** For people; never a secret, never document content. */
  readonly message: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly remedy: string;
}
