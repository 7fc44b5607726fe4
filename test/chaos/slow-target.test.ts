import { ChaosHarness, PATIENCE_MS } from '../e2e/chaos-harness';
import { MAX_GROWTH_BYTES, runAgainstSlowTarget } from '../e2e/slow-target';

describe('an Elasticsearch that takes half a minute for every bulk', () => {
  const chaos = new ChaosHarness();

  beforeAll(() => chaos.start(), PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it(
    'makes the lag grow, not the worker, and gets everything in the end',
    async () => {
      const run = await runAgainstSlowTarget(chaos, { answerAfterMs: 30_000, bulks: 6 });
      expect(run.growthBytes).toBeLessThan(MAX_GROWTH_BYTES);
      expect(run.lagMs).toBeGreaterThan(25_000);
      expect(run.checked).toBe(run.written);
    },
    6 * PATIENCE_MS,
  );
});
