import type { JobError } from '@lockstep/contracts';

/**
 * What may be asked of a job. `cancel` is the operator's wish; `canceled` is the worker's answer to it.
 * `confirm` lets a held removal (the brake) go on.
 */
export type JobCommand =
  | { readonly kind: 'start' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'fail'; readonly error: JobError }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'confirm' };
