import { eventually, httpJson } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

interface StoredPartition {
  readonly epoch: number;
  readonly lease: { readonly workerId: string } | null;
}

describe('a worker that was frozen while another took over', () => {
  const chaos = new ChaosHarness();
  let writer: Writer;
  let frozenPid = 0;

  beforeAll(async () => {
    await chaos.start();
    const orders = chaos.db.collection('orders');
    for (let i = 0; i < 10; i += 1) await orders.insertMany(shopOrders(3_000, i * 3_000));
  }, PATIENCE_MS);

  afterAll(async () => {
    if (frozenPid !== 0) process.kill(frozenPid, 'SIGCONT');
    await writer?.end();
    await chaos.stop();
  }, PATIENCE_MS);

  it(
    'never moves the checkpoint again, and both sides agree',
    async () => {
      const [first] = chaos.lockstep.workers;
      const id = await chaos.lockstep.createConnector(chaos.definition('frozen', ['orders']));
      const jobId = (await chaos.lockstep.act(id, 'start'))!;
      writer = new Writer(chaos.db.collection('orders'));
      await eventually(async () => (await chaos.lockstep.job(jobId)).progress.done > 2_000, {
        timeoutMs: PATIENCE_MS,
        intervalMs: 20,
      });
      frozenPid = first!.pid;
      process.kill(frozenPid, 'SIGSTOP');
      const before = await partition(id);
      const second = await chaos.lockstep.startWorker();
      await eventually(async () => (await partition(id)).epoch > before.epoch, {
        timeoutMs: PATIENCE_MS,
        what: 'the other worker to take over',
      });
      await writer.roundsOn(20);
      const epoch = (await partition(id)).epoch;
      // Whatever the frozen worker still has on its way goes to an alias that is no more.
      const index = `${chaos.index('frozen', 'orders')}-000001`;
      const aliases = Object.keys((await httpJson(`${chaos.elasticsearchUrl}/${index}/_alias`)).body[index].aliases);
      expect(aliases.sort()).toEqual([chaos.index('frozen', 'orders'), `${index}-WRITE-${epoch}`]);
      process.kill(frozenPid, 'SIGCONT');
      frozenPid = 0;
      await eventually(() => first!.output.includes('lease.lost'), {
        timeoutMs: PATIENCE_MS,
        what: 'the thawed worker to notice',
      });
      await writer.roundsOn(40);
      await writer.end();
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await chaos.expectInLockstep('frozen', 'orders');
      const after = await partition(id);
      expect(after.epoch).toBe(epoch);
      expect(after.lease?.workerId).not.toBe(before.lease?.workerId);
      expect(second.isRunning && first!.isRunning).toBe(true);
      expect((await chaos.lockstep.job(jobId)).state).toBe('completed');
    },
    3 * PATIENCE_MS,
  );

  async function partition(connectorId: string): Promise<StoredPartition> {
    const path = `${chaos.lockstep.prefix}-state-v1/_doc/${connectorId}:1:0`;
    const { body } = await httpJson(`${chaos.elasticsearchUrl}/${path}`);
    return (body as { _source: StoredPartition })._source;
  }
});
