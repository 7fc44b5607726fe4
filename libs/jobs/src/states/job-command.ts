import type { JobError } from '@lockstep/contracts';

/**
 * What may be asked of a job. `cancel` is the operator's wish; `canceled` is the worker's answer to it.
 * `confirm` lets what the brake holds go on: the collections that are named, all of them when null.
 */
export type JobCommand =
  | { readonly kind: 'start' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'complete' }
  | { readonly kind: 'fail'; readonly error: JobError }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'confirm'; readonly collections: readonly string[] | null };
