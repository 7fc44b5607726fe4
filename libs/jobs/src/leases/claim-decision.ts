import type { LeaseHolder } from '@lockstep/contracts';
import type { HolderObservation } from '../heartbeat/holder-observation.js';

/**
 * - `claim`: nobody has it
 * - `takeover`: its holder has lost it, and lives
 * - `inherit`: its holder died with it
 * - `wait`: its holder may live
 */
export type ClaimDecision = 'claim' | 'takeover' | 'inherit' | 'wait';

/**
 * Whether a partition may be claimed. Pure.
 * @param observation what is known of the holder; null while nothing is, or when there is no holder
 */
export function claimDecision(lease: LeaseHolder | null, observation: HolderObservation | null): ClaimDecision {
  if (lease === null) return 'claim';
  if (observation === 'fenced') return 'takeover';
  return observation === 'gone' ? 'inherit' : 'wait';
}
