import { ChaosHarness, PATIENCE_MS } from './chaos-harness';
import { MAX_GROWTH_BYTES, runAgainstSlowTarget } from './slow-target';

describe('an Elasticsearch that takes seconds for every bulk', () => {
  const chaos = new ChaosHarness();

  beforeAll(() => chaos.start(), PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it(
    'makes the lag grow, not the worker, and gets everything in the end',
    async () => {
      const run = await runAgainstSlowTarget(chaos, { answerAfterMs: 3_000, bulks: 5 });
      expect(run.backlogBytes).toBeGreaterThan(MAX_GROWTH_BYTES);
      expect(run.growthBytes).toBeLessThan(MAX_GROWTH_BYTES);
      expect(run.lagMs).toBeGreaterThan(2_000);
      expect(run.checked).toBe(run.written);
    },
    3 * PATIENCE_MS,
  );
});
