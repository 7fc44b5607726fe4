import type {
  DesiredState,
  GenerationState,
  JobPhase,
  JobState,
  JobType,
  ObservedState,
  ResyncMode,
} from '@lockstep/contracts';
import type { LetterState } from '../api/views.js';

/** How a state feels; each tone has an icon of its own, so that colour is never the only sign. */
export type Tone = 'good' | 'busy' | 'idle' | 'held' | 'warn' | 'bad';

export interface StateWords {
  readonly tone: Tone;
  readonly label: string;
}

export const OBSERVED_WORDS: Readonly<Record<ObservedState, StateWords>> = {
  idle: { tone: 'idle', label: 'Idle' },
  starting: { tone: 'busy', label: 'Starting' },
  scanning: { tone: 'busy', label: 'Scanning' },
  streaming: { tone: 'good', label: 'Streaming' },
  waiting: { tone: 'warn', label: 'Waiting' },
  paused: { tone: 'held', label: 'Paused' },
  resync_required: { tone: 'bad', label: 'Resync required' },
  attention: { tone: 'warn', label: 'Attention' },
  failed: { tone: 'bad', label: 'Failed' },
};

export const DESIRED_WORDS: Readonly<Record<DesiredState, string>> = {
  running: 'desired: running',
  paused: 'desired: paused',
  stopped: 'desired: stopped',
};

export const JOB_STATE_WORDS: Readonly<Record<JobState, StateWords>> = {
  pending: { tone: 'idle', label: 'Pending' },
  running: { tone: 'busy', label: 'Running' },
  paused: { tone: 'held', label: 'Paused' },
  completed: { tone: 'good', label: 'Completed' },
  failed: { tone: 'bad', label: 'Failed' },
  canceling: { tone: 'busy', label: 'Canceling' },
  canceled: { tone: 'idle', label: 'Canceled' },
};

export const JOB_TYPE_WORDS: Readonly<Record<JobType, string>> = {
  bulk_sync: 'Bulk sync',
  stream_sync: 'Stream sync',
};

/** What a bulk sync is for, beyond the first one of a connector. */
export const RESYNC_WORDS: Readonly<Record<ResyncMode, string>> = {
  inPlace: 'resync in place',
  newGeneration: 'resync into a new generation',
  rollback: 'rollback',
};

export const GENERATION_STATE_WORDS: Readonly<Record<GenerationState, StateWords>> = {
  filling: { tone: 'busy', label: 'Filling' },
  returning: { tone: 'busy', label: 'Returning' },
  switching: { tone: 'busy', label: 'Taking over' },
  serving: { tone: 'good', label: 'Serving' },
  retired: { tone: 'idle', label: 'Retired' },
  discarding: { tone: 'busy', label: 'Being deleted' },
};

export const LETTER_STATE_WORDS: Readonly<Record<LetterState, StateWords>> = {
  open: { tone: 'warn', label: 'Open' },
  resolved: { tone: 'good', label: 'Resolved' },
  discarded: { tone: 'idle', label: 'Discarded' },
};

export const PHASE_WORDS: Readonly<Record<JobPhase, string>> = {
  starting: 'starting',
  scanning: 'scanning',
  sweeping: 'sweeping',
  streaming: 'streaming',
  done: 'done',
};
