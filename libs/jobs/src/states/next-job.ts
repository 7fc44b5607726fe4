import type { Job, JobState } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { JobCommand } from './job-command.js';

/** States that nothing leaves. */
const TERMINAL: ReadonlySet<JobState> = new Set<JobState>(['completed', 'failed', 'canceled']);

export function isTerminal(state: JobState): boolean {
  return TERMINAL.has(state);
}

/** `idempotent`: the command has been obeyed before, the job stays as it is. `refused`: an illegal move. */
type Move = JobState | 'idempotent' | 'refused';

/**
 * The whole state machine. A worker's `complete` never overtakes an operator's `pause` or `cancel`:
 * it is refused, the worker reads the job again and obeys, so no command is lost.
 */
const MOVES: Readonly<Record<JobState, Readonly<Record<Exclude<JobCommand['kind'], 'resume' | 'confirm'>, Move>>>> = {
  pending: {
    start: 'running',
    pause: 'paused',
    complete: 'refused',
    fail: 'failed',
    cancel: 'canceled',
    canceled: 'refused',
  },
  running: {
    start: 'idempotent',
    pause: 'paused',
    complete: 'completed',
    fail: 'failed',
    cancel: 'canceling',
    canceled: 'refused',
  },
  paused: {
    start: 'refused',
    pause: 'idempotent',
    complete: 'refused',
    fail: 'failed',
    cancel: 'canceling',
    canceled: 'refused',
  },
  canceling: {
    start: 'refused',
    pause: 'refused',
    complete: 'refused',
    fail: 'failed',
    cancel: 'idempotent',
    canceled: 'canceled',
  },
  completed: {
    start: 'refused',
    pause: 'refused',
    complete: 'idempotent',
    fail: 'refused',
    cancel: 'refused',
    canceled: 'refused',
  },
  failed: {
    start: 'refused',
    pause: 'refused',
    complete: 'refused',
    fail: 'idempotent',
    cancel: 'refused',
    canceled: 'refused',
  },
  canceled: {
    start: 'refused',
    pause: 'refused',
    complete: 'refused',
    fail: 'refused',
    cancel: 'idempotent',
    canceled: 'idempotent',
  },
};

function moveOf(job: Job, command: JobCommand): Move {
  if (command.kind === 'resume') {
    if (job.state === 'running') return 'idempotent';
    if (job.state !== 'paused') return 'refused';
    return job.startedAt === null ? 'pending' : 'running';
  }
  if (command.kind === 'confirm') {
    if (isTerminal(job.state) || job.state === 'canceling') return 'refused';
    const wanted = command.collections ?? job.heldCollections;
    if (wanted.length === 0) return job.confirmed ? 'idempotent' : 'refused';
    if (wanted.every((name) => job.confirmedCollections.includes(name))) return 'idempotent';
    return wanted.every((name) => isKnown(job, name)) ? job.state : 'refused';
  }
  return MOVES[job.state][command.kind];
}

/**
 * What a job becomes by a command. Pure. A repeated command gives back the very same object, so that
 * the caller need not write. `confirm` takes what is held only: a removal is never confirmed in advance.
 * @param nowIso ISO 8601, UTC: what the times of the job are set to
 * @throws LockstepError `JOB_STATE_CONFLICT` when the state does not allow the command.
 */
export function nextJob(job: Job, command: JobCommand, nowIso: string): Job {
  const move = moveOf(job, command);
  if (move === 'idempotent') return job;
  if (move === 'refused') {
    throw new LockstepError('JOB_STATE_CONFLICT', `a ${job.state} job does not take the command ${command.kind}`);
  }
  const moved: Job = { ...job, state: move, updatedAt: nowIso };
  if (command.kind === 'confirm') return confirmed(moved, command.collections ?? job.heldCollections);
  if (isTerminal(move)) return finished(moved, command, nowIso);
  return move === 'running' ? { ...moved, startedAt: job.startedAt ?? nowIso } : moved;
}

/** Whether the collection is held, or was confirmed before. */
function isKnown({ heldCollections, confirmedCollections }: Job, collection: string): boolean {
  return heldCollections.includes(collection) || confirmedCollections.includes(collection);
}

function confirmed(job: Job, collections: readonly string[]): Job {
  const heldCollections = job.heldCollections.filter((name) => !collections.includes(name));
  return {
    ...job,
    confirmed: heldCollections.length === 0,
    heldCollections,
    confirmedCollections: [...new Set([...job.confirmedCollections, ...collections])],
  };
}

function finished(job: Job, command: JobCommand, nowIso: string): Job {
  const phase = job.state === 'completed' ? 'done' : job.progress.phase;
  return {
    ...job,
    finishedAt: nowIso,
    condition: null,
    heldCollections: [],
    error: command.kind === 'fail' ? command.error : null,
    progress: { ...job.progress, phase, ratePerSecond: null, etaSeconds: null },
  };
}
