import type { JobView } from '../api/views.js';

/** How a brake is let go: the button, the dialog behind it, and what is told then. */
export interface BrakeWords {
  readonly label: string;
  readonly title: string;
  readonly action: string;
  readonly done: string;
}

const SWEEP: BrakeWords = {
  label: 'Confirm removal',
  title: 'Remove these documents?',
  action: 'Remove them',
  done: 'The removal is confirmed',
};

const TAKEOVER: BrakeWords = {
  label: 'Confirm takeover',
  title: 'Let the smaller generation serve?',
  action: 'Let it serve',
  done: 'The takeover is confirmed',
};

/** The brake that holds a job; null when none does, or when it was let go. */
export function brakeOf(job: Pick<JobView, 'condition' | 'confirmed'>): BrakeWords | null {
  if (job.confirmed) return null;
  if (job.condition?.code === 'SWEEP_BRAKE_ENGAGED') return SWEEP;
  return job.condition?.code === 'GENERATION_BRAKE_ENGAGED' ? TAKEOVER : null;
}
