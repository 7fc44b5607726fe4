import { ChaosHarness, PATIENCE_MS } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const MAX = 100;

describe('a capped collection', () => {
  const chaos = new ChaosHarness();

  beforeAll(() => chaos.start(), PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it(
    'is followed, what leaves it at its end included',
    async () => {
      const recent = await chaos.db.createCollection('recent', { capped: true, size: 10_000_000, max: MAX });
      await recent.insertMany(shopOrders(MAX));
      const id = await chaos.lockstep.sync(chaos.definition('capped', ['recent']));
      expect(await chaos.expectInLockstep('capped', 'recent')).toBe(MAX);
      await recent.insertMany(shopOrders(10, MAX));
      expect(await chaos.expectInLockstep('capped', 'recent')).toBe(MAX);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    3 * PATIENCE_MS,
  );
});
