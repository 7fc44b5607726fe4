import type { Connector, Generation } from '@lockstep/contracts';
import type { LockstepError } from '@lockstep/core';
import type { PartitionLease } from '@lockstep/jobs';
import type { HeadroomKeeper } from '../headroom/headroom-keeper.js';
import type { EngineSettings } from '../partition/engine-settings.js';
import type { SessionEnd } from '../partition/partition-session.js';
import type { SessionInbox } from '../partition/session-inbox.js';
import type { AnsweredFailure } from './failure-decision.js';
import type { RunnerDependencies } from './session-opener.js';
import type { StatusBoard } from './status-board.js';

/**
 * Why a runner is told to stop:
 * - `stopped`: the operator wants it stopped; its jobs end
 * - `paused`: its jobs pause
 * - `released`: another worker, or this one later, goes on with the same jobs
 * - `retired`: another generation carries the jobs on, or the partition is no more
 */
export type StopReason = 'stopped' | 'paused' | 'released' | 'retired';

/** What a failure has led to: another session, one whose failures are counted anew, or none. */
export type AfterFailure = 'again' | 'afresh' | 'over';

/** What differs between the lead of a generation, which works on the jobs, and its other partitions. */
export interface PartitionRole {
  /** Goes on between sessions. */
  readonly headroom: HeadroomKeeper;
  /**
   * One session, to its end.
   * @throws LockstepError what ended it
   */
  session(signal: AbortSignal): Promise<SessionEnd>;
  /** Tells the failure and waits as long as it takes until another session may help. */
  failed(decision: AnsweredFailure, error: LockstepError, signal: AbortSignal): Promise<AfterFailure>;
  /** Tells why there is to be no session: nobody works on the partition. */
  heldBack(decision: AnsweredFailure, error: LockstepError, signal: AbortSignal): Promise<void>;
  /** What becomes of the jobs when the runner stops. */
  settle(reason: StopReason): Promise<void>;
}

export interface PartitionRoleOptions extends RunnerDependencies {
  readonly connector: Connector;
  /** The generation of the partition, as it stood at the claim. */
  readonly generation: Generation;
  readonly lease: PartitionLease;
  readonly settings: EngineSettings;
  readonly status: StatusBoard;
  readonly inbox: SessionInbox;
}
