import type { GenerationState, JobState } from '@lockstep/contracts';
import { isTerminal } from '@lockstep/jobs';

/**
 * What whoever looks at the jobs does for one that fills or brings back a generation:
 * - `begin`: its generation begins
 * - `abandon`: its generation is given up; whoever discards it ends the job
 * - `cancel`: nobody else ends it
 * - `fail`: its generation was given up by somebody who did not get to the end of the job
 * - `settle`: whoever worked for it was gone before its connector was stopped
 * - `leave`: it is somebody else's
 */
export type GenerationJobStep = 'begin' | 'abandon' | 'cancel' | 'fail' | 'settle' | 'leave';

/**
 * Pure.
 * @param own state of the generation that the job is for; null when there is none
 * @param isStopped nobody works for the connector; a discarded generation is removed when it is started again
 */
export function generationJobStep(job: JobState, own: GenerationState | null, isStopped: boolean): GenerationJobStep {
  // One that rests again was given up before its job had begun.
  if (job === 'pending') return own === 'retired' ? 'fail' : 'begin';
  if (isTerminal(job)) return 'leave';
  const isCanceling = job === 'canceling';
  switch (own) {
    case 'retired':
    case null:
      return isCanceling ? 'cancel' : 'fail';
    case 'filling':
    case 'returning':
      if (isCanceling) return 'abandon';
      return isStopped ? 'settle' : 'leave';
    // Who discards a generation ends its job.
    case 'discarding':
      if (!isStopped) return 'leave';
      return isCanceling ? 'cancel' : 'fail';
    // Its session ends the job, also a canceled one.
    case 'switching':
    case 'serving':
      return isStopped ? 'settle' : 'leave';
  }
}
