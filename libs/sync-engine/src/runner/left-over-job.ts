import type { Job, PartitionState } from '@lockstep/contracts';
import { isTerminal } from '@lockstep/jobs';

/**
 * Whether a job was begun by a generation that serves no more, or by a worker that named another one since: nobody works
 * for it. A job is named in its partition's document before it runs, and until it is over. Pure.
 * @param job read before the lead, as of now: not one that fills or brings back a generation
 * @param lead of the generation that serves; undefined when there is none yet
 */
export function isLeftOver(
  { id, state }: Pick<Job, 'id' | 'state'>,
  lead: Pick<PartitionState, 'bulkJobId' | 'streamJobId'> | undefined,
): boolean {
  if (state === 'pending' || isTerminal(state)) return false;
  return lead?.bulkJobId !== id && lead?.streamJobId !== id;
}
