import type { JobView } from '../api/views.js';
import { isFinished } from '../store/readings.js';
import { brakeOf } from './brake-words.js';
import type { JobAction } from './use-job-commands.js';

/** What can be asked of a job right now. */
export function offeredJobActions(job: Pick<JobView, 'state' | 'condition' | 'confirmed'>): readonly JobAction[] {
  if (isFinished(job) || job.state === 'canceling') return [];
  return brakeOf(job) === null ? ['cancel'] : ['confirm', 'cancel'];
}
