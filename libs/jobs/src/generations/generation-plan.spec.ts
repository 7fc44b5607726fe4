import fc from 'fast-check';
import type { Generation } from '@lockstep/contracts';
import {
  abandonGeneration,
  beginGeneration,
  commitGeneration,
  discardGeneration,
  FIRST_PLAN,
  isArriving,
  isForgotten,
  keepGeneration,
  removeGeneration,
  restingByConnector,
  restingGenerations,
  returnGeneration,
  rollbackCandidate,
  serveGeneration,
  servingGeneration,
  worksOnJob,
  type GenerationPlan,
  type GenerationWay,
} from './generation-plan.js';

const NOW = '2026-01-15T09:30:00.000Z';
const states = (plan: GenerationPlan): string[] => plan.generations.map(({ number, state }) => `${number} ${state}`);
const begin = (plan: GenerationPlan, jobId = 'job_1'): GenerationPlan =>
  beginGeneration(plan, { jobId, revision: 3, nowIso: NOW });
/** With the job that the generation has in the plan. */
const wayOf = (plan: GenerationPlan, number: number): GenerationWay => ({
  number,
  jobId: plan.generations.find((one) => one.number === number)?.jobId ?? null,
});
const commit = (plan: GenerationPlan, number: number): GenerationPlan => commitGeneration(plan, wayOf(plan, number));
const abandon = (plan: GenerationPlan, number: number): GenerationPlan => abandonGeneration(plan, wayOf(plan, number));
const filled = (): GenerationPlan => serveGeneration(commit(begin(FIRST_PLAN), 2), 2, NOW);

describe('generations of a connector', () => {
  it('begin with one that serves; a new one is filled, switches, serves, and the one before is retired', () => {
    expect(states(FIRST_PLAN)).toEqual(['1 serving']);
    const begun = begin(FIRST_PLAN);
    expect(begun.generations[1]).toMatchObject({
      number: 2,
      state: 'filling',
      jobId: 'job_1',
      revision: 3,
      createdAt: NOW,
    });
    expect(states(commit(begun, 2))).toEqual(['1 serving', '2 switching']);
    expect(states(filled())).toEqual(['1 retired', '2 serving']);
    expect(filled().generations).toMatchObject([{ retiredAt: NOW }, { servingSince: NOW, retiredAt: null }]);
  });

  it('rest when another one has taken their place, until they return', () => {
    expect(restingGenerations(begin(filled(), 'job_2'))).toEqual([1]);
    expect(restingGenerations(discardGeneration(filled(), 1))).toEqual([1]);
    expect(restingGenerations(returnGeneration(filled(), 'job_2'))).toEqual([]);
    const plans = new Map([
      ['con_a', filled()],
      ['con_b', FIRST_PLAN],
    ]);
    expect([...restingByConnector(plans)]).toEqual([['con_a', [1]]]);
  });

  it('work on any job while they serve, and on the one that fills them at any time', () => {
    const begun = begin(FIRST_PLAN);
    const returning = returnGeneration(filled(), 'job_2');
    const works = [
      [FIRST_PLAN, 1, 'job_s', true],
      [begun, 1, 'job_s', true],
      [begun, 2, 'job_s', false],
      [begun, 2, 'job_1', true],
      [commit(begun, 2), 2, 'job_s', false],
      [filled(), 2, 'job_s', true],
      [filled(), 1, 'job_s', false],
      [returning, 1, 'job_s', false],
      [returning, 1, 'job_2', true],
      [abandon(begun, 2), 2, 'job_1', true],
      [removeGeneration(abandon(begun, 2), 2), 2, 'job_1', false],
    ] as const;
    for (const [plan, number, jobId, expected] of works) expect(worksOnJob(plan, number, jobId)).toBe(expected);
  });

  it('come back by a rollback: the one that served last', () => {
    const later = '2026-01-16T09:30:00.000Z';
    const twice = serveGeneration(commit(begin(filled(), 'job_2'), 3), 3, later);
    expect(rollbackCandidate(twice)?.number).toBe(2);
    const returning = returnGeneration(twice, 'job_3');
    expect(states(returning)).toEqual(['1 retired', '2 returning', '3 serving']);
    expect(states(serveGeneration(commit(returning, 2), 2, later))).toEqual(['1 retired', '2 serving', '3 retired']);
    expect(() => returnGeneration(FIRST_PLAN, 'job_3')).toThrow(
      expect.objectContaining({ code: 'JOB_STATE_CONFLICT' }),
    );
  });

  it('are given up before they switch, never after', () => {
    const begun = begin(filled(), 'job_2');
    expect(states(abandon(begun, 3))).toEqual(['1 retired', '2 serving', '3 discarding']);
    expect(states(abandon(returnGeneration(filled(), 'job_2'), 1))).toEqual(['1 retired', '2 serving']);
    const switching = commit(begun, 3);
    expect(abandon(switching, 3)).toBe(switching);
    expect(() => serveGeneration(begun, 3, NOW)).toThrow(expect.objectContaining({ code: 'JOB_STATE_CONFLICT' }));
    expect(() => commit(filled(), 1)).toThrow(expect.objectContaining({ code: 'JOB_STATE_CONFLICT' }));
  });

  it('take every step twice like once, by the same job', () => {
    const begun = begin(FIRST_PLAN);
    expect(begin(begun)).toBe(begun);
    expect(() => begin(begun, 'job_2')).toThrow(expect.objectContaining({ code: 'JOB_STATE_CONFLICT' }));
    const switching = commit(begun, 2);
    expect(commit(switching, 2)).toBe(switching);
    expect(serveGeneration(filled(), 2, 'later')).toEqual(filled());
    const returning = returnGeneration(filled(), 'job_2');
    expect(returnGeneration(returning, 'job_2')).toBe(returning);
    const discarding = discardGeneration(filled(), 1);
    expect(discardGeneration(discarding, 1)).toBe(discarding);
  });

  it('are deleted when they are retired, and their numbers are never used again', () => {
    expect(() => discardGeneration(filled(), 2)).toThrow(expect.objectContaining({ code: 'JOB_STATE_CONFLICT' }));
    expect(() => discardGeneration(filled(), 7)).toThrow(expect.objectContaining({ code: 'GENERATION_UNKNOWN' }));
    const canceled = removeGeneration(abandon(begin(filled(), 'job_2'), 3), 3);
    expect(states(begin(canceled, 'job_3'))).toEqual(['1 retired', '2 serving', '4 filling']);
  });

  it('are kept when they could not be deleted, and tried again when they are asked for or as old once more', () => {
    const kept = { since: '2026-02-15T09:30:00.000Z', message: 'orders-000001 is not deleted' };
    const plan = keepGeneration(discardGeneration(filled(), 1), 1, kept);
    expect(plan.generations[0]).toMatchObject({ number: 1, state: 'retired', retiredAt: NOW, kept });
    expect(rollbackCandidate(plan)?.number).toBe(1);
    const [before, behind] = ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];
    expect([before, behind].map((limit) => isForgotten(filled().generations[0]!, limit))).toEqual([true, true]);
    expect([before, behind].map((limit) => isForgotten(plan.generations[0]!, limit))).toEqual([false, true]);
    expect(isForgotten(plan.generations[1]!, behind)).toBe(false);
    for (const again of [discardGeneration(plan, 1), returnGeneration(plan, 'job_2')]) {
      expect(again.generations[0]!.kept).toBeNull();
    }
    expect(keepGeneration(filled(), 1, kept)).toEqual(filled());
    // One that was given up before it served is nothing to return to.
    const abandoned = abandon(begin(FIRST_PLAN), 2);
    expect(keepGeneration(abandoned, 2, kept)).toBe(abandoned);
  });

  it('are left as they are by whoever comes for a job that they were on their way for before', () => {
    const first = returnGeneration(filled(), 'job_2');
    const late = wayOf(first, 1);
    const again = returnGeneration(abandon(first, 1), 'job_3');
    expect(states(again)).toEqual(['1 returning', '2 serving']);
    expect(abandonGeneration(again, late)).toBe(again);
    expect(() => commitGeneration(again, late)).toThrow(expect.objectContaining({ code: 'JOB_STATE_CONFLICT' }));
    expect(states(abandon(again, 1))).toEqual(['1 retired', '2 serving']);
  });

  it('always have one that serves and at most one on its way, whatever is asked in whatever order', () => {
    const number = fc.integer({ min: 1, max: 6 });
    const step = fc.oneof(
      fc.nat().map((n) => (plan: GenerationPlan) => begin(plan, `job_${n}`)),
      fc.nat().map((n) => (plan: GenerationPlan) => returnGeneration(plan, `job_${n}`)),
      number.map((n) => (plan: GenerationPlan) => commit(plan, n)),
      number.map((n) => (plan: GenerationPlan) => serveGeneration(plan, n, NOW)),
      number.map((n) => (plan: GenerationPlan) => abandon(plan, n)),
      number.map((n) => (plan: GenerationPlan) => discardGeneration(plan, n)),
      number.map((n) => (plan: GenerationPlan) => keepGeneration(plan, n, { since: NOW, message: 'served' })),
      number.map(
        (n) => (plan: GenerationPlan) =>
          plan.generations.some((one) => one.number === n && one.state === 'discarding')
            ? removeGeneration(plan, n)
            : plan,
      ),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const used = new Map<number, Generation>();
        let plan = FIRST_PLAN;
        for (const take of steps) {
          try {
            plan = take(plan);
          } catch (error) {
            expect(error).toMatchObject({ code: expect.stringMatching(/JOB_STATE_CONFLICT|GENERATION_UNKNOWN/) });
          }
          expect(servingGeneration(plan)).toBeDefined();
          expect(plan.generations.filter(({ state }) => state === 'serving')).toHaveLength(1);
          expect(plan.generations.filter(isArriving).length).toBeLessThanOrEqual(1);
          for (const one of plan.generations) {
            // A number stands for one generation for ever.
            expect(used.get(one.number)?.createdAt ?? one.createdAt).toBe(one.createdAt);
            used.set(one.number, one);
          }
          expect(new Set(plan.generations.map((one) => one.number)).size).toBe(plan.generations.length);
        }
      }),
    );
  });
});
