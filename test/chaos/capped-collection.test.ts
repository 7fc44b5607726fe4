import { eventually } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const MAX = 100;

describe('a capped collection', () => {
  const chaos = new ChaosHarness();

  beforeAll(() => chaos.start(), PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it(
    'says nothing of what leaves it at its end, which a resync removes',
    async () => {
      const recent = await chaos.db.createCollection('recent', { capped: true, size: 10_000_000, max: MAX });
      await recent.insertMany(shopOrders(MAX));
      const id = await chaos.lockstep.sync(chaos.definition('capped', ['recent']));
      expect(await chaos.expectInLockstep('capped', 'recent')).toBe(MAX);
      await recent.insertMany(shopOrders(10, MAX));
      const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
      await eventually(async () => (await chaos.lockstep.job(stream!.id)).counters.indexed === 10, {
        timeoutMs: PATIENCE_MS,
        what: 'the inserts',
      });
      expect((await chaos.lockstep.job(stream!.id)).counters.deleted).toBe(0);
      const jobId = (await chaos.lockstep.act(id, 'resync', { mode: 'inPlace' }))!;
      await chaos.untilJob(jobId, 'completed');
      expect((await chaos.lockstep.job(jobId)).counters.deleted).toBe(10);
      expect(await chaos.expectInLockstep('capped', 'recent')).toBe(MAX);
    },
    3 * PATIENCE_MS,
  );
});
