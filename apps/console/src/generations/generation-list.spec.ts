import { unreachableProblem } from '../api/problem.js';
import type { GenerationView, JobView } from '../api/views.js';
import {
  arrivalJob,
  isMoving,
  lagOf,
  NO_GENERATIONS,
  offeredRollback,
  withFailure,
  withGenerations,
} from './generation-list.js';

const generation = (number: number, change: Partial<GenerationView> = {}): GenerationView =>
  ({ number, state: 'retired', jobId: `job_${String(number)}`, ...change }) as GenerationView;
const job = (id: string, change: Partial<JobView> = {}, lagMs: number | null = null): JobView =>
  ({ id, type: 'bulk_sync', state: 'running', progress: { lagMs }, ...change }) as JobView;

describe('list of generations', () => {
  const filling = generation(2, { state: 'filling' });
  const serving = generation(1, { state: 'serving', jobId: null });
  const list = withGenerations({ items: [serving, filling], rollbackTo: null });

  it('is shown newest first, and stays beside a failure', () => {
    expect(list.generations.map(({ number }) => number)).toEqual([2, 1]);
    expect(withFailure(list, unreachableProblem())).toMatchObject({ status: 'failed', generations: list.generations });
  });

  it('knows whether one of them is about to be something else', () => {
    expect([isMoving(list), isMoving(NO_GENERATIONS)]).toEqual([true, false]);
    for (const state of ['retired', 'serving'] as const) {
      expect(isMoving(withGenerations({ items: [generation(1, { state })], rollbackTo: 1 }))).toBe(false);
    }
  });

  it.each<[string, JobView[], 'running' | 'paused' | 'stopped', number | null]>([
    ['at rest', [job('job_s', { type: 'stream_sync' }), job('job_2', { state: 'completed' })], 'running', 1],
    ['while paused', [], 'paused', 1],
    ['not while stopped', [], 'stopped', null],
    ['not before the bulk sync before is over', [job('job_2')], 'running', null],
  ])('offers a rollback: %s', (_, jobs, desiredState, offered) => {
    const rested = withGenerations({ items: [generation(1), generation(2, { state: 'serving' })], rollbackTo: 1 });
    expect(offeredRollback(rested, jobs, { desiredState })).toBe(offered);
    expect(offeredRollback({ ...list, rollbackTo: 1 }, jobs, { desiredState })).toBeNull();
  });

  it('has a job for one on its way, until it is over', () => {
    expect(arrivalJob(filling, [job('job_1'), job('job_2')])?.id).toBe('job_2');
    expect(arrivalJob(filling, [job('job_2', { state: 'canceled' })])).toBeNull();
    expect(arrivalJob(generation(2), [job('job_2')])).toBeNull();
  });

  it('is behind as its own job tells: the stream sync of the one that serves', () => {
    const jobs = [job('job_2', {}, 700), job('job_s', { type: 'stream_sync' }, 30)];
    expect([lagOf(filling, jobs), lagOf(serving, jobs), lagOf(generation(3), jobs)]).toEqual([700, 30, null]);
    expect(lagOf(serving, [job('job_s', { type: 'stream_sync', state: 'paused' }, 30)])).toBeNull();
  });
});
