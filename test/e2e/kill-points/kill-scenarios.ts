import { KILL_POINTS, type KillPoint } from '@lockstep/core';
import { SeededRandom } from '@lockstep/testing';
import { deletedGeneration, droppedCollection, lostTarget, newCollection, newConnector } from './collection-scenarios';
import type { KillScenario } from './kill-scenario';
import { cutOff, newFields, paused, refusedAndTaken, repaired, stopped, throttled, underLoad } from './load-scenarios';
import { braked, canceled, discarded, newGeneration, succession, swept } from './resync-scenarios';

/** A kill that is to be made. */
export interface KillPlan {
  readonly point: KillPoint;
  /** From 1. */
  readonly nth: number;
}

/** What leads to each of the kill points. */
export const KILL_SCENARIOS: Readonly<Record<KillPoint, KillScenario>> = {
  'heartbeat.due': underLoad(6),
  'heartbeat.acknowledged': underLoad(6),
  'heartbeat.leaving': stopped,
  'partition.made': newConnector,
  'lease.judged': underLoad(),
  'lease.claimed': underLoad(),
  'lease.saving': underLoad(5),
  'lease.saved': underLoad(5),
  'lease.releasing': stopped,
  'lease.released': stopped,
  'session.opened': underLoad(),
  'identity.bound': newConnector,
  'stream.opening': underLoad(),
  'stream.opened': underLoad(),
  'session.failed': cutOff,
  'position.forgotten': lostTarget,
  'jobs.settling': paused,
  'target.making': newCollection(),
  'target.made': newCollection(),
  'load.marked': newCollection(),
  'load.begun': newCollection(),
  'load.restored': newCollection(),
  'load.ended': newCollection(),
  'binding.adding': newCollection(),
  'binding.added': newCollection(),
  'binding.suspending': droppedCollection(2),
  'binding.suspended': droppedCollection(2),
  'part.beginning': lostTarget,
  'part.begun': newConnector,
  'part.taking': newCollection(),
  'part.taken': newCollection(),
  'part.settled': newCollection(),
  'part.ended': newCollection(),
  'part.arrived': newGeneration,
  'scan.read': newCollection(3),
  'scan.written': newCollection(3),
  'scan.acknowledged': newCollection(),
  'scan.saved': newCollection(),
  'scan.finished': newCollection(),
  'stream.read': underLoad(20),
  'stream.lookedUp': underLoad(20),
  'stream.written': underLoad(20),
  'stream.acknowledged': underLoad(20),
  'namespace.reached': droppedCollection(),
  'checkpoint.saving': underLoad(5),
  'checkpoint.saved': underLoad(5),
  'fields.mapping': newFields(3),
  'fields.mapped': newFields(3),
  'bulk.sending': underLoad(20),
  'bulk.answered': underLoad(20),
  'bulk.waiting': throttled,
  'letters.refused': refusedAndTaken(3),
  'letters.cleaned': refusedAndTaken(3),
  'letters.stored': refusedAndTaken(3),
  'letters.resolving': refusedAndTaken(3),
  'letters.resolved': refusedAndTaken(3),
  'repair.found': repaired,
  'repair.read': repaired,
  'repair.written': repaired,
  'repair.settled': repaired,
  'sweep.confirmed': swept,
  'sweep.counted': swept,
  'sweep.removing': swept,
  'sweep.removed': swept,
  'sweep.finished': swept,
  'sweep.held': braked,
  'job.adopting': newCollection(),
  'job.adopted': newCollection(),
  'job.commanding': newCollection(2),
  'job.commanded': newCollection(2),
  'job.ending': newCollection(),
  'bulkSync.restored': newCollection(),
  'bulkSync.completed': newCollection(),
  'bulkSync.closed': newCollection(),
  'resync.caughtUp': swept,
  'resync.prepared': swept,
  'resync.begun': swept,
  'resync.canceling': canceled,
  'resync.canceled': canceled,
  'generation.begun': succession,
  'generation.filled': succession,
  'generation.committed': succession,
  'generation.aliased': succession,
  'generation.served': succession,
  'generation.emptied': discarded,
  'generation.removed': deletedGeneration,
};

/** All kill points in an order of the seed, each to be killed at one of the times that it is reached. */
export function planKills(seed: number): KillPlan[] {
  const random = new SeededRandom(seed);
  const points = Object.keys(KILL_POINTS) as KillPoint[];
  return random.shuffled(points).map((point) => ({ point, nth: random.int(1, KILL_SCENARIOS[point].times) }));
}
