import type { GenerationState } from '@lockstep/contracts';
import type { Problem } from '../api/problem.js';
import type { ConnectorView, GenerationListView, GenerationView, JobView } from '../api/views.js';
import { isAtWork, isFinished } from '../store/readings.js';

/** The generations that are shown, in each of their states. */
export interface GenerationList {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
  /** Newest first. */
  readonly generations: readonly GenerationView[];
  readonly rollbackTo: number | null;
}

export const NO_GENERATIONS: GenerationList = { status: 'loading', problem: null, generations: [], rollbackTo: null };

const MOVING: ReadonlySet<GenerationState> = new Set<GenerationState>([
  'filling',
  'returning',
  'switching',
  'discarding',
]);
const ARRIVING: ReadonlySet<GenerationState> = new Set<GenerationState>(['filling', 'returning', 'switching']);

/** What the API has answered. */
export function withGenerations({ items, rollbackTo }: GenerationListView): GenerationList {
  return { status: 'ready', problem: null, generations: [...items].reverse(), rollbackTo };
}

/** What is shown stays beside a failure. */
export function withFailure(list: GenerationList, problem: Problem): GenerationList {
  return { ...list, status: 'failed', problem };
}

/** Whether one of them is about to be something else. */
export function isMoving({ generations }: GenerationList): boolean {
  return generations.some(({ state }) => MOVING.has(state));
}

/** The generation that a rollback would return to now; null while one is refused: beside another bulk sync, or stopped. */
export function offeredRollback(
  list: GenerationList,
  jobs: readonly JobView[],
  { desiredState }: Pick<ConnectorView, 'desiredState'>,
): number | null {
  const isBusy = isMoving(list) || jobs.some((job) => job.type === 'bulk_sync' && !isFinished(job));
  return isBusy || desiredState === 'stopped' ? null : list.rollbackTo;
}

/** The job that brings a generation to serve; null once it serves, or when it is over. */
export function arrivalJob(generation: GenerationView, jobs: readonly JobView[]): JobView | null {
  if (!ARRIVING.has(generation.state)) return null;
  return jobs.find((job) => job.id === generation.jobId && !isFinished(job)) ?? null;
}

/** How far a generation that follows the source is behind it, milliseconds; null where nobody tells. */
export function lagOf(generation: GenerationView, jobs: readonly JobView[]): number | null {
  const job =
    generation.state === 'serving'
      ? jobs.find((candidate) => candidate.type === 'stream_sync' && isAtWork(candidate))
      : arrivalJob(generation, jobs);
  return job?.progress.lagMs ?? null;
}
