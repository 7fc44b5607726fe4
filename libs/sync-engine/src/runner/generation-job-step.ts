import type { GenerationState, JobState } from '@lockstep/contracts';

/**
 * What whoever looks at the jobs does for one that fills or brings back a generation:
 * - `begin`: its generation begins
 * - `abandon`: its generation is given up; whoever discards it ends the job
 * - `cancel`: nobody else ends it
 * - `fail`: its generation was given up by somebody who did not get to the end of the job
 * - `leave`: it is somebody else's
 */
export type GenerationJobStep = 'begin' | 'abandon' | 'cancel' | 'fail' | 'leave';

/**
 * Pure.
 * @param own state of the generation that the job is for; null when there is none
 * @param isStopped nobody works for the connector, so that a discarded generation is removed when it is started again
 */
export function generationJobStep(job: JobState, own: GenerationState | null, isStopped: boolean): GenerationJobStep {
  if (job === 'pending') return 'begin';
  if (job === 'running' || job === 'paused') return own === 'retired' ? 'fail' : 'leave';
  if (job !== 'canceling') return 'leave';
  switch (own) {
    case 'filling':
    case 'returning':
      return 'abandon';
    case 'retired':
    case null:
      return 'cancel';
    // Who discards a generation ends its job, and so does the session of one that serves.
    case 'discarding':
      return isStopped ? 'cancel' : 'leave';
    case 'switching':
    case 'serving':
      return 'leave';
  }
}
