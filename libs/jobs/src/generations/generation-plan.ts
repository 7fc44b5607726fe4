import type { Generation, GenerationState, KeptGeneration } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';

/** The generations of a connector, oldest first. */
export interface GenerationPlan {
  /** The largest number ever used. */
  readonly highest: number;
  readonly generations: readonly Generation[];
}

/** What a connector has that was never filled anew: one generation, which serves. */
export const FIRST_PLAN: GenerationPlan = {
  highest: 1,
  generations: [
    {
      number: 1,
      state: 'serving',
      jobId: null,
      revision: null,
      createdAt: null,
      servingSince: null,
      retiredAt: null,
    },
  ],
};

/**
 * A generation on its way for one job. One that rests again can be on its way once more, for another job: who was stalled
 * since has nothing to say about that.
 */
export type GenerationWay = Pick<Generation, 'number' | 'jobId'>;

/** States in which a generation is on its way to serve. */
const ARRIVING: ReadonlySet<GenerationState> = new Set<GenerationState>(['filling', 'returning', 'switching']);

export function isArriving(generation: Generation): boolean {
  return ARRIVING.has(generation.state);
}

/** @throws LockstepError INTERNAL_ERROR when none serves, which no step leads to */
export function servingGeneration(plan: GenerationPlan): Generation {
  const serving = plan.generations.find(({ state }) => state === 'serving');
  if (serving === undefined) throw new LockstepError('INTERNAL_ERROR', 'no generation serves');
  return serving;
}

/** Whether the lead of a generation works on a job: on any while it serves, else on the one that fills it. Pure. */
export function worksOnJob(plan: GenerationPlan, number: number, jobId: string): boolean {
  const own = plan.generations.find((generation) => generation.number === number);
  return own?.state === 'serving' || own?.jobId === jobId;
}

/** Numbers of generations that nobody works on: what is kept of them counts only when they return. */
export function restingGenerations(plan: GenerationPlan): readonly number[] {
  return plan.generations.flatMap(({ number, state }) =>
    state === 'retired' || state === 'discarding' ? [number] : [],
  );
}

/** The same by connector; those that have none are left out. */
export function restingByConnector(plans: ReadonlyMap<string, GenerationPlan>): ReadonlyMap<string, readonly number[]> {
  return new Map(
    [...plans].map(([id, plan]) => [id, restingGenerations(plan)] as const).filter(([, n]) => n.length > 0),
  );
}

/** The generation that a rollback would bring back: the one that served last. */
export function rollbackCandidate(plan: GenerationPlan): Generation | undefined {
  return plan.generations
    .filter(({ state }) => state === 'retired')
    .sort((a, b) => (a.retiredAt ?? '').localeCompare(b.retiredAt ?? ''))
    .at(-1);
}

/**
 * A new generation begins to be filled. Repeating it with the same job changes nothing.
 * @throws LockstepError JOB_STATE_CONFLICT while another one is on its way
 */
export function beginGeneration(
  plan: GenerationPlan,
  begin: { readonly jobId: string; readonly revision: number; readonly nowIso: string },
): GenerationPlan {
  if (plan.generations.some(({ jobId }) => jobId === begin.jobId)) return plan;
  refuseSecondArrival(plan);
  const number = plan.highest + 1;
  const begun: Generation = {
    number,
    state: 'filling',
    jobId: begin.jobId,
    revision: begin.revision,
    createdAt: begin.nowIso,
    servingSince: null,
    retiredAt: null,
  };
  return { highest: number, generations: [...plan.generations, begun] };
}

/**
 * The generation that served last begins to come back. Repeating it with the same job changes nothing.
 * @throws LockstepError JOB_STATE_CONFLICT while another one is on its way, or when none is retired
 */
export function returnGeneration(plan: GenerationPlan, jobId: string): GenerationPlan {
  if (plan.generations.some((generation) => generation.jobId === jobId)) return plan;
  refuseSecondArrival(plan);
  const candidate = rollbackCandidate(plan);
  if (candidate === undefined)
    throw new LockstepError('JOB_STATE_CONFLICT', 'There is no earlier generation to return to.');
  return withGeneration(plan, { ...candidate, state: 'returning', jobId, kept: null });
}

/** Its aliases may move from now on. @throws LockstepError JOB_STATE_CONFLICT when it is no longer on its way */
export function commitGeneration(plan: GenerationPlan, way: GenerationWay): GenerationPlan {
  const generation = find(plan, way.number);
  if (!isArriving(generation) || generation.jobId !== way.jobId) throw notArriving(generation);
  return generation.state === 'switching' ? plan : withGeneration(plan, { ...generation, state: 'switching' });
}

/** The aliases have moved: it serves, and the one that served before is retired. */
export function serveGeneration(plan: GenerationPlan, number: number, nowIso: string): GenerationPlan {
  const generation = find(plan, number);
  if (generation.state === 'serving') return plan;
  if (generation.state !== 'switching') throw notArriving(generation);
  const before = servingGeneration(plan);
  return withGeneration(withGeneration(plan, { ...before, state: 'retired', retiredAt: nowIso }), {
    ...generation,
    state: 'serving',
    servingSince: nowIso,
    retiredAt: null,
  });
}

/** A generation on its way is given up: a new one is discarded, one that served before rests again. */
export function abandonGeneration(plan: GenerationPlan, { number, jobId }: GenerationWay): GenerationPlan {
  const generation = plan.generations.find((one) => one.number === number && one.jobId === jobId);
  if (generation?.state === 'filling') return withGeneration(plan, { ...generation, state: 'discarding' });
  if (generation?.state === 'returning') return withGeneration(plan, { ...generation, state: 'retired' });
  return plan;
}

/** @throws LockstepError GENERATION_UNKNOWN; JOB_STATE_CONFLICT for one that serves or is on its way */
export function discardGeneration(plan: GenerationPlan, number: number): GenerationPlan {
  const generation = find(plan, number);
  if (generation.state === 'discarding') return plan;
  if (generation.state !== 'retired') {
    throw new LockstepError(
      'JOB_STATE_CONFLICT',
      `Generation ${number} is ${generation.state}: only a retired one can be deleted.`,
    );
  }
  return withGeneration(plan, { ...generation, state: 'discarding', kept: null });
}

/** It is not deleted after all, and rests as before. One that has not served cannot rest. */
export function keepGeneration(plan: GenerationPlan, number: number, kept: KeptGeneration): GenerationPlan {
  const generation = plan.generations.find((candidate) => candidate.number === number);
  if (generation?.state !== 'discarding' || generation.retiredAt === null) return plan;
  return withGeneration(plan, { ...generation, state: 'retired', kept });
}

/** Retired before then, ISO 8601, and not found to be needed since. */
export function isForgotten({ state, retiredAt, kept }: Generation, beforeIso: string): boolean {
  return state === 'retired' && (kept?.since ?? retiredAt ?? '') < beforeIso;
}

/** Nothing is left of it. */
export function removeGeneration(plan: GenerationPlan, number: number): GenerationPlan {
  return { ...plan, generations: plan.generations.filter((generation) => generation.number !== number) };
}

function withGeneration(plan: GenerationPlan, changed: Generation): GenerationPlan {
  return {
    ...plan,
    generations: plan.generations.map((generation) => (generation.number === changed.number ? changed : generation)),
  };
}

function find(plan: GenerationPlan, number: number): Generation {
  const generation = plan.generations.find((candidate) => candidate.number === number);
  if (generation === undefined) throw new LockstepError('GENERATION_UNKNOWN', `there is no generation ${number}`);
  return generation;
}

function refuseSecondArrival(plan: GenerationPlan): void {
  const arriving = plan.generations.find(isArriving);
  if (arriving === undefined) return;
  throw new LockstepError(
    'JOB_STATE_CONFLICT',
    `Generation ${arriving.number} is ${arriving.state}: wait for its end, or cancel its job.`,
  );
}

function notArriving({ number, state }: Generation): LockstepError {
  return new LockstepError('JOB_STATE_CONFLICT', `Generation ${number} is ${state}, not on its way to serve.`);
}
