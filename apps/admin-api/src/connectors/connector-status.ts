import {
  type Condition,
  type ConnectorStatus,
  type DesiredState,
  type ObservedState,
  type PartitionState,
  worstState,
} from '@lockstep/contracts';
import { ERROR_CATALOGUE } from '@lockstep/core';
import type { WorkerListing } from '@lockstep/jobs';

export interface StatusInput {
  readonly desiredState: DesiredState;
  /** Last change of the connector, ISO 8601, UTC. */
  readonly updatedAt: string;
  readonly partitions: readonly PartitionState[];
  readonly workers: readonly WorkerListing[];
}

/** States that a person has to end; they are shown whatever is wished. */
const NEEDS_A_PERSON: ReadonlySet<ObservedState> = new Set(['failed', 'resync_required', 'attention']);

function mergeConditions(partitions: readonly PartitionState[]): readonly Condition[] {
  const merged = new Map<string, Condition>();
  for (const condition of partitions.flatMap((partition) => partition.conditions)) {
    const key = `${condition.reason} ${condition.code} ${condition.message}`;
    const known = merged.get(key);
    if (known === undefined || condition.since < known.since) merged.set(key, condition);
  }
  return [...merged.values()];
}

/** Whether a live worker holds one of the partitions. A lease of a dead worker holds nothing up. */
export function isHeld(partitions: readonly PartitionState[], workers: readonly WorkerListing[]): boolean {
  return partitions.some(({ lease }) =>
    workers.some(
      (worker) => worker.isAlive && worker.id === lease?.workerId && worker.incarnation === lease.incarnation,
    ),
  );
}

function noWorkerCondition(input: StatusInput): Condition {
  const lastBeat =
    input.workers
      .map((worker) => worker.beatAt)
      .sort()
      .at(-1) ?? '';
  return {
    reason: 'NoWorker',
    code: 'JOB_WORKER_MISSING',
    message: ERROR_CATALOGUE.JOB_WORKER_MISSING.title,
    since: lastBeat > input.updatedAt ? lastBeat : input.updatedAt,
    remedy: ERROR_CATALOGUE.JOB_WORKER_MISSING.advice,
  };
}

/** What is seen of a connector: the worst of its partitions, and whether anybody is there to work. */
export function connectorStatus(input: StatusInput): ConnectorStatus {
  const { desiredState, partitions, workers } = input;
  const observed = worstState(partitions.map(({ observedState }) => observedState));
  const conditions = mergeConditions(partitions);
  const needsPerson = NEEDS_A_PERSON.has(observed);
  if (desiredState === 'running') {
    if (workers.some((worker) => worker.isAlive)) {
      const isUntouched = observed === 'idle' || observed === 'paused';
      return { observedState: isUntouched ? 'starting' : observed, conditions };
    }
    return { observedState: needsPerson ? observed : 'waiting', conditions: [...conditions, noWorkerCondition(input)] };
  }
  // A wish is fulfilled when nobody holds a partition any more; until then, what goes on is shown.
  if (needsPerson || isHeld(partitions, workers)) return { observedState: observed, conditions };
  return { observedState: desiredState === 'paused' ? 'paused' : 'idle', conditions: [] };
}
