import type { Job, PartitionState } from '@lockstep/contracts';
import { isInitialSyncDue } from './initial-sync.js';

/**
 * Whether canceling the job means stopping its connector: the stream sync, and what fills its targets for the first time,
 * are what the connector is there for. Pure.
 * @param lead of the generation that serves; undefined when there is none yet
 */
export function carriesConnector(
  { type, mode }: Pick<Job, 'type' | 'mode'>,
  lead: PartitionState | undefined,
): boolean {
  if (mode === 'newGeneration' || mode === 'rollback') return false;
  return type === 'stream_sync' || lead === undefined || isInitialSyncDue(lead);
}
