import { ChaosHarness, PATIENCE_MS } from '../e2e/chaos-harness';
import { MAX_GROWTH_BYTES, residentBytes } from '../e2e/slow-target';

const OPERATIONS = 100_000;
const BATCH = 10_000;

describe('a transaction of a hundred thousand operations', () => {
  const chaos = new ChaosHarness();

  beforeAll(() => chaos.start(), PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it(
    'arrives as a whole, with the last state of what it changed twice, in bounded memory',
    async () => {
      const events = chaos.db.collection<{ _id: number; state: string }>('events');
      const some = (from: number) => Array.from({ length: BATCH }, (_, i) => ({ _id: from + i, state: 'inserted' }));
      await events.insertMany(some(-BATCH));
      const id = await chaos.lockstep.sync(chaos.definition('large', ['events']));
      await chaos.expectInLockstep('large', 'events');
      const { pid } = chaos.lockstep.workers[0]!;
      const before = await residentBytes(pid);
      let peak = before;
      const watch = setInterval(() => void residentBytes(pid).then((bytes) => (peak = Math.max(peak, bytes))), 100);
      try {
        await chaos.client.withSession((session) =>
          session.withTransaction(async () => {
            for (let from = 0; from < OPERATIONS; from += BATCH) await events.insertMany(some(from), { session });
            await events.updateMany({ _id: { $gte: 0, $lt: 1_000 } }, { $set: { state: 'updated' } }, { session });
            await events.deleteMany({ _id: { $gte: OPERATIONS - 1_000 } }, { session });
          }),
        );
        expect(await chaos.expectInLockstep('large', 'events')).toBe(OPERATIONS + BATCH - 1_000);
      } finally {
        clearInterval(watch);
      }
      expect(peak - before).toBeLessThan(MAX_GROWTH_BYTES);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    3 * PATIENCE_MS,
  );
});
