import { LockstepError } from '@lockstep/core';
import type { Condition, ObservedState, PartitionState } from '@lockstep/contracts';

const WORKING: readonly ObservedState[] = ['scanning', 'streaming', 'attention'];

/** What the lead of a generation fails with because another partition has said that it cannot go on. */
export class PartitionTrouble extends LockstepError {
  constructor(
    /** Ordinal of the one that said so. */
    readonly partition: number,
    { code, message }: Pick<Condition, 'code' | 'message'>,
  ) {
    super(code, `partition ${partition}: ${message}`);
  }
}

/**
 * What a partition says that the lead has to take up; null for nothing. Pure.
 * @param isFilling its generation does not serve yet: whatever needs a person keeps it from that
 */
export function troubleOf(state: PartitionState, isFilling: boolean): PartitionTrouble | null {
  const { partition, observedState, conditions } = state;
  if (observedState !== 'resync_required' && !(isFilling && observedState === 'failed')) return null;
  const condition = conditions.find(({ reason }) => reason === 'ResyncRequired' || reason === 'Failed');
  return condition === undefined ? null : new PartitionTrouble(partition, condition);
}

/**
 * Whether a partition works that was in trouble. What it said may have been old when it was taken up: by a holder that
 * has died since, or that had not heard of the connector's present definition. Who holds it next says what holds now.
 */
export function isOver(state: Pick<PartitionState, 'observedState'> | undefined): boolean {
  return state === undefined || WORKING.includes(state.observedState);
}
