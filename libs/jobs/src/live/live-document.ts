import type { WorkerLive } from '@lockstep/contracts';

/** What a worker shows, as it is stored under {@link liveDocumentId}. */
export interface LiveDocument extends WorkerLive {
  readonly kind: 'live';
}

export function liveDocumentId(workerId: string): string {
  return `${workerId}:live`;
}
