import type { PartitionState, StoredPosition } from '@lockstep/contracts';
import { parseClusterTime, type ClusterTime } from '@lockstep/core';

/**
 * The state of a partition whose position an operator sets. Pure.
 * @param hasGap whether changes are left out in any partition of the generation: the lead scans and sweeps for all of
 * them, so that all of them forget their bindings or none
 *
 * Going back is safe as it is: changes are applied again, and what is newer in the index wins. Going forward leaves
 * changes out that nobody will read: every binding that is followed is forgotten, so that it is taken up as a new one
 * is, scanned from the set position on, and what is no longer in the source is swept. Both are stored together with
 * the position: no gap is ever left open.
 */
export function overriddenPosition(state: PartitionState, position: StoredPosition, hasGap: boolean): PartitionState {
  if (!hasGap && !leavesGap(state, position)) {
    // Whatever the index holds beyond the position is still to be found in the source.
    const newestChange = state.position?.newestChange;
    return { ...state, position: newestChange === undefined ? position : { ...position, newestChange } };
  }
  const suspended = Object.entries(state.bindings).filter(([, { suspension }]) => suspension !== null);
  return { ...state, position, bindings: Object.fromEntries(suspended) };
}

/** Whether changes between the present position and the new one would never be read. */
export function leavesGap(state: Pick<PartitionState, 'position'>, position: StoredPosition): boolean {
  const [before, after] = [timeOf(state.position), timeOf(position)];
  // What cannot be compared is taken for a gap: reading everything again is never wrong.
  return before === undefined || after === undefined || after > before;
}

function timeOf(position: StoredPosition | null): ClusterTime | undefined {
  return position === null ? undefined : parseClusterTime(position.h);
}
