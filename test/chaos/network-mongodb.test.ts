import { eventually } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const SOON = { timeoutMs: PATIENCE_MS };

describe('a MongoDB behind a network that misbehaves for longer', () => {
  const chaos = new ChaosHarness();
  let id: string;

  beforeAll(async () => {
    await chaos.start();
    await chaos.db.collection('orders').insertMany(shopOrders(1_000));
    id = await chaos.lockstep.sync(chaos.definition('net', ['orders']));
  }, 2 * PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  /** Writes go on while the fault lasts; both sides agree once the network is well again. */
  async function survives(fault: (writer: Writer) => Promise<unknown>): Promise<void> {
    const writer = new Writer(chaos.db.collection('orders'));
    try {
      await writer.roundsOn(3);
      await fault(writer);
    } finally {
      chaos.mongodb.heal();
      await writer.end();
    }
    expect(await chaos.expectInLockstep('net', 'orders')).toBeGreaterThan(0);
    await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
  }

  it(
    'notices packets that are swallowed, tells it while it lasts, and loses nothing',
    () =>
      survives(async () => {
        chaos.mongodb.inject({ kind: 'blackHole' });
        await chaos.untilCondition(id, 'SOURCE_UNREACHABLE');
        expect((await chaos.lockstep.connector(id)).observedState).toBe('waiting');
        expect(chaos.mongodb.connectionCount).toBeLessThan(50);
      }),
    2 * PATIENCE_MS,
  );

  it(
    'falls behind a line that is too thin, tells by how much, and catches up',
    () =>
      survives(async (writer) => {
        chaos.mongodb.inject({ kind: 'slow', bytesPerSecond: 30_000 });
        const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
        await eventually(async () => ((await chaos.lockstep.job(stream!.id)).progress.lagMs ?? 0) > 5_000, {
          ...{ ...SOON, intervalMs: 500 },
          what: 'a lag',
        });
        await writer.roundsOn(5);
      }),
    2 * PATIENCE_MS,
  );
});
