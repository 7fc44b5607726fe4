import { eventually } from '@lockstep/testing';
import { PATIENCE_MS, Writer } from '../e2e/chaos-harness';
import { ReplicaSetHarness } from '../e2e/replica-set-harness';
import { shopOrders } from '../e2e/shop-data';

const SOON = { timeoutMs: PATIENCE_MS };

describe('a replica set of three in more trouble', () => {
  const chaos = new ReplicaSetHarness('trouble', { LOCKSTEP_SCAN_TURN_MS: '200' });
  let id: string;

  const live = () => chaos.db.collection('live');

  beforeAll(async () => {
    await chaos.start();
    await live().insertMany(shopOrders(500));
    id = await chaos.lockstep.sync(chaos.definition('live'));
  }, 2 * PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  it(
    'scans on from where it was when the primary steps down, without a gap',
    async () => {
      const many = chaos.db.collection('many');
      for (let i = 0; i < 8; i += 1) await many.insertMany(shopOrders(3_000, i * 3_000));
      const connectorId = await chaos.lockstep.createConnector(chaos.definition('many'));
      const before = await chaos.failures();
      const jobId = (await chaos.lockstep.act(connectorId, 'start'))!;
      await eventually(async () => (await chaos.lockstep.job(jobId)).progress.done > 2_000, {
        ...SOON,
        intervalMs: 20,
      });
      expect((await chaos.lockstep.job(jobId)).progress).toMatchObject({ phase: 'scanning' });
      await chaos.set.stepDown();
      await chaos.lockstep.untilStreaming(connectorId, PATIENCE_MS);
      expect(await chaos.expectInLockstep('many')).toBe(24_000);
      expect(await chaos.lockstep.job(jobId)).toMatchObject({ state: 'completed', counters: { deadLettered: 0 } });
      expect(await chaos.failures()).toBeGreaterThan(before);
    },
    2 * PATIENCE_MS,
  );

  it.each<[number, string]>([
    [237, 'CursorKilled'],
    [50, 'MaxTimeMSExpired'],
    [11602, 'InterruptedDueToReplStateChange'],
    [462, 'IngressRequestRateLimitExceeded'],
  ])(
    'reads on from its checkpoint after %d (%s), in the stream and in look-ups',
    async (errorCode) => {
      const before = await chaos.failures();
      const writer = new Writer(live());
      try {
        for (const command of ['getMore', 'find'] as const) {
          await writer.roundsOn(2);
          const so = await chaos.failures();
          await chaos.failOnce(id, { command, errorCode, collection: 'live' });
          await eventually(async () => (await chaos.failures()) > so, SOON);
          await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
        }
        await writer.roundsOn(5);
      } finally {
        await writer.end();
      }
      expect(await chaos.expectInLockstep('live')).toBeGreaterThan(0);
      // Each fault has ended one session, and nothing else has.
      expect((await chaos.failures()) - before).toBe(2);
    },
    2 * PATIENCE_MS,
  );
});
