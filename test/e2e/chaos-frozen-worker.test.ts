import { ElasticsearchFaultProxy, eventually, httpJson, testServers, type SeenRequest } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

const SHORT_LEASES = { LOCKSTEP_LEASE_TTL_MS: '6000', LOCKSTEP_HEARTBEAT_INTERVAL_MS: '1000' };

interface StoredPartition {
  readonly epoch: number;
  readonly lease: { readonly workerId: string } | null;
}

interface StoredJob {
  readonly state: string;
  readonly progress: { readonly done: number };
  readonly takenUpBy?: string;
}

const isOfJobs =
  (wanted: string) =>
  ({ method, path }: SeenRequest): boolean =>
    method === wanted && path.includes('-jobs/_doc/');

describe('a worker that was frozen while another took over', () => {
  const chaos = new ChaosHarness();
  let writer: Writer;
  let frozenPid = 0;

  beforeAll(async () => {
    await chaos.start(SHORT_LEASES);
    const orders = chaos.db.collection('orders');
    for (let i = 0; i < 5; i += 1) await orders.insertMany(shopOrders(3_000, i * 3_000));
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

  it(
    'never moves a job again, although it was about to when it froze',
    async () => {
      await using proxy = await ElasticsearchFaultProxy.start(testServers().elasticsearchUrl);
      const others = [...chaos.lockstep.workers];
      const worker = await chaos.lockstep.startWorker({ LOCKSTEP_ELASTICSEARCH_URL: proxy.url });
      await Promise.all(others.map((other) => other.stop()));
      await chaos.db.collection('others').insertMany(shopOrders(1_000, 0));
      // A connector of its own: one whose workers end again and again is looked at apart.
      const id = await chaos.lockstep.createConnector(chaos.definition('thawed', ['others']));
      await chaos.lockstep.act(id, 'start');
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
      writer = new Writer(chaos.db.collection('others'));
      let deliver = (): void => undefined;
      const deliverAfter = new Promise<void>((resolve) => (deliver = resolve));
      let isOnItsWay = false;
      proxy.refuseRequests((seen) => {
        if (isOnItsWay || !isOfJobs('PUT')(seen)) return undefined;
        isOnItsWay = true;
        return { deliverAfter };
      });
      await eventually(() => isOnItsWay, { timeoutMs: PATIENCE_MS, what: 'a report to be on its way' });
      frozenPid = worker.pid;
      process.kill(frozenPid, 'SIGSTOP');
      const before = await partition(id);
      const seen = proxy.requests.length;
      const next = await chaos.lockstep.startWorker();
      const takenUp = await eventually(
        async () => {
          const [{ epoch }, job] = [await partition(id), await stored<StoredJob>('jobs', stream!.id)];
          return epoch > before.epoch && job.takenUpBy?.includes(`@${epoch}/`) ? job : null;
        },
        { timeoutMs: PATIENCE_MS, what: 'the other worker to take the job up' },
      );
      const reported = await eventually(
        async () => {
          const job = await stored<StoredJob>('jobs', stream!.id);
          return job.progress.done > takenUp.progress.done ? job : null;
        },
        { timeoutMs: PATIENCE_MS, what: 'the job to move' },
      );
      deliver();
      process.kill(frozenPid, 'SIGCONT');
      frozenPid = 0;
      await eventually(() => worker.output.includes('lease.lost') && proxy.requests.slice(seen).some(isOfJobs('GET')), {
        timeoutMs: PATIENCE_MS,
        what: 'the thawed worker to notice, and to look for what became of its report',
      });
      await writer.roundsOn(20);
      await writer.end();
      expect(proxy.requests.slice(seen).filter(isOfJobs('PUT'))).toEqual([]);
      const after = await stored<StoredJob>('jobs', stream!.id);
      expect(after).toMatchObject({ state: 'running', takenUpBy: takenUp.takenUpBy });
      expect(after.progress.done).toBeGreaterThanOrEqual(reported.progress.done);
      expect(worker.isRunning && next.isRunning).toBe(true);
      await worker.stop();
    },
    3 * PATIENCE_MS,
  );

  function partition(connectorId: string): Promise<StoredPartition> {
    return stored('state', `${connectorId}:1:0`);
  }

  async function stored<T>(index: string, documentId: string): Promise<T> {
    const path = `${chaos.lockstep.prefix}-${index}-v1/_doc/${documentId}`;
    const { body } = await httpJson(`${chaos.elasticsearchUrl}/${path}`);
    return (body as { _source: T })._source;
  }
});
