import { asProblem } from '../api/problem.js';
import type { JobView } from '../api/views.js';
import { useStore } from '../store/store-context.js';
import { brakeOf } from './brake-words.js';

export type JobAction = 'cancel' | 'confirm';

/** Asks something of a job; the outcome is told by a toast. */
export function useJobCommand(): (job: JobView, action: JobAction) => Promise<void> {
  const store = useStore();
  return async (job, action) => {
    const confirmed = brakeOf(job)?.done ?? 'Confirmed';
    try {
      await store.api.json(`api/v1/jobs/${job.id}/actions/${action}`, { method: 'POST' });
      store.toasts.good(action === 'cancel' ? 'The job is being canceled' : confirmed);
    } catch (error) {
      store.toasts.bad(asProblem(error));
    }
    await store.reload(['connectors', 'jobs']);
  };
}
