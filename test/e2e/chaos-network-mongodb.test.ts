import { eventually } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

const SOON = { timeoutMs: PATIENCE_MS };

describe('a MongoDB behind a network that misbehaves', () => {
  const chaos = new ChaosHarness();
  let id: string;

  beforeAll(async () => {
    await chaos.start();
    await chaos.db.collection('orders').insertMany(shopOrders(1_000));
    id = await chaos.lockstep.sync(chaos.definition('net', ['orders']));
  }, 2 * PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  const failures = (): Promise<number> => chaos.lockstep.workers[0]!.metric('lockstep_session_failures_total');

  it.each<[string, () => void]>([
    // Enough for a connection to be made, not for a reply with changes.
    ['in the middle of answers', () => chaos.mongodb.inject({ kind: 'cutAfter', bytes: 6_000, direction: 'toClient' })],
    ['again and again', () => chaos.mongodb.cutAll()],
  ])(
    'loses nothing when connections break %s',
    async (_when, strike) => {
      const before = await failures();
      const writer = new Writer(chaos.db.collection('orders'));
      try {
        await eventually(
          async () => {
            strike();
            return (await failures()) >= before + 3;
          },
          { ...SOON, intervalMs: 500, what: 'sessions that fail' },
        );
        chaos.mongodb.heal();
        await writer.roundsOn(5);
      } finally {
        await writer.end();
      }
      expect(await chaos.expectInLockstep('net', 'orders')).toBeGreaterThan(0);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );
});
