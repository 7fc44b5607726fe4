import type { Generation, PartitionKey } from '@lockstep/contracts';
import { FIRST_PLAN, type GenerationPlan } from '@lockstep/jobs';

/** The generations that there is something to do for. */
export function activeGenerations(plan: GenerationPlan | undefined): readonly Generation[] {
  return (plan ?? FIRST_PLAN).generations.filter(({ state }) => state !== 'retired');
}

/** Whether a generation still has the role that its runner began with: to serve, or to be on its way there. */
export function isSameRole(began: Generation, active: readonly Generation[]): boolean {
  const now = active.find(({ number }) => number === began.number);
  if (now === undefined || now.state === 'discarding') return false;
  return (now.state === 'serving') === (began.state === 'serving');
}

/** The partition that a generation always has, and that the others go by. */
export function leadPartition(connectorId: string, generation: number): PartitionKey {
  return { connectorId, generation, partition: 0 };
}
