import { MongoClient } from 'mongodb';
import {
  eventually,
  httpJson,
  LockstepInstance,
  testServers,
  uniqueName,
  type ServiceProcess,
} from '@lockstep/testing';
import { PATIENCE_MS } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const { mongodbUrl, elasticsearchUrl } = testServers();
const PARTITIONS = 6;
const ROUNDS = 5;
/** The default time of a lease, milliseconds. */
const TTL_MS = 10_000;
/** A partition is no suspect by what this test does to its workers. */
const FORGIVING = { LOCKSTEP_QUARANTINE_TRIAL_MS: '1000' };

interface StoredPartition {
  readonly partition: number;
  readonly lease: { readonly workerId: string } | null;
}

describe('the partitions of a worker that is gone', () => {
  const database = uniqueName('takeovers');
  const client = new MongoClient(mongodbUrl);
  const lockstep = new LockstepInstance({ elasticsearchUrl, env: FORGIVING });

  beforeAll(async () => {
    await client.connect();
    const orders = client.db(database).collection('orders');
    await orders.insertMany(shopOrders(PARTITIONS * 1_000));
    await lockstep.start(3);
    await lockstep.sync({
      name: 'takeovers',
      source: { uri: mongodbUrl, database, collections: ['orders'], partitions: PARTITIONS },
      sink: { index: `${database}-orders` },
    });
  }, PATIENCE_MS);

  afterAll(async () => {
    await lockstep.stop();
    await client.db(database).dropDatabase();
    await client.close();
  }, PATIENCE_MS);

  it(
    'are taken over at once when it was stopped in order, and when its lease is over where it was killed',
    async () => {
      const killed = await takeovers('SIGKILL');
      const stopped = await takeovers('SIGTERM');
      say(`partitions taken over from a worker that was killed, leases of ${TTL_MS / 1_000} s`, killed);
      say('partitions taken over from a worker that was stopped in order', stopped);
      expect(killed.length).toBeGreaterThanOrEqual(ROUNDS);
      expect(stopped.length).toBeGreaterThanOrEqual(ROUNDS);
      expect(Math.max(...stopped)).toBeLessThan(Math.min(...killed));
    },
    10 * PATIENCE_MS,
  );

  /** @returns milliseconds from the signal to another holder, of each partition that the workers held */
  async function takeovers(signal: 'SIGKILL' | 'SIGTERM'): Promise<readonly number[]> {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await eventually(isEven, { timeoutMs: PATIENCE_MS, what: 'an even spread' });
      const worker = lockstep.workers[round % 3]!;
      const workerId = await idOf(worker);
      const held = (await partitions()).filter(({ lease }) => lease?.workerId === workerId);
      const startedMs = performance.now();
      const stopping = worker.stop(signal);
      const open = new Set(held.map(({ partition }) => partition));
      await eventually(
        async () => {
          for (const { partition, lease } of await partitions()) {
            if (lease === null || lease.workerId === workerId || !open.delete(partition)) continue;
            times.push(performance.now() - startedMs);
          }
          return open.size === 0;
        },
        { timeoutMs: PATIENCE_MS, intervalMs: 50, what: 'other holders' },
      );
      await stopping;
      await worker.start();
    }
    return times;
  }

  async function isEven(): Promise<boolean> {
    const held = new Map<string, number>();
    for (const { lease } of await partitions()) {
      if (lease !== null) held.set(lease.workerId, (held.get(lease.workerId) ?? 0) + 1);
    }
    return [...held.values()].join() === '2,2,2';
  }

  async function partitions(): Promise<readonly StoredPartition[]> {
    const state = `${elasticsearchUrl}/${lockstep.prefix}-state`;
    await httpJson(`${state}/_refresh`, { method: 'POST' });
    const { body } = await httpJson(`${state}/_search?size=100&q=_exists_:partition`);
    return (body as { hits: { hits: { _source: StoredPartition }[] } }).hits.hits.map(({ _source }) => _source);
  }

  async function idOf(worker: ServiceProcess): Promise<string> {
    return eventually(async () => {
      const { body } = await lockstep.call('GET', '/api/v1/workers');
      const workers = body.items as { id: string; pid: number; isAlive: boolean }[];
      return workers.find(({ pid, isAlive }) => isAlive && pid === worker.pid)?.id;
    });
  }

  function say(what: string, times: readonly number[]): void {
    const sorted = [...times].sort((a, b) => a - b);
    const shown = [sorted[0]!, sorted[Math.floor(sorted.length / 2)]!, sorted.at(-1)!].map((ms) =>
      (ms / 1_000).toFixed(1),
    );
    process.stdout.write(
      `${what}: ${times.length}, shortest ${shown[0]} s, median ${shown[1]} s, longest ${shown[2]} s\n`,
    );
  }
});
