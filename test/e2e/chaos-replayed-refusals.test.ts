import type { Collection } from 'mongodb';
import { expectSettled, HOSTILE_MAPPINGS, testServers, type HostileDocument } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from './chaos-harness';

/** Changes that the worker reads ahead while nothing can be written. */
const CHANGES = 900;
const ROUNDS = 3;

describe('a worker that is killed between a refusal and its dead letter', () => {
  const chaos = new ChaosHarness();
  let orders: Collection<HostileDocument>;
  let id: string;

  beforeAll(async () => {
    await chaos.start({ LOCKSTEP_WORKER_ID: 'doomed' });
    orders = chaos.db.collection<HostileDocument>('orders');
    await orders.insertMany(Array.from({ length: CHANGES * ROUNDS }, (_, n) => order(n, n % 20 === 3)));
    const { sink, ...rest } = chaos.definition('refused', ['orders']);
    id = await chaos.lockstep.sync({ ...rest, sink: { ...(sink as object), mappings: HOSTILE_MAPPINGS } });
    await settled();
    await chaos.lockstep.workers[0]!.stop('SIGTERM');
  }, PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  /**
   * What is read ahead is written in other batches than what is read again after the crash, and so with other
   * versions: lower ones must find neither a removal nor a repaired document newer than themselves.
   */
  it(
    'keeps a dead letter of everything that is refused, and of nothing else',
    async () => {
      chaos.elasticsearch.refuseBulkItems(() => ({ status: 429, type: 'es_rejected_execution_exception' }));
      const doomed = await chaos.lockstep.startWorker({ LOCKSTEP_TEST_KILL_POINT: 'letters.cleaned:2' });
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
      await orders.insertOne(order(-1, false));
      await chaos.untilCondition(id, 'SINK_THROTTLED');
      // What was refused is taken now, and others are refused.
      for (let round = 0; round < ROUNDS; round += 1) await change(round * CHANGES);
      chaos.elasticsearch.heal();
      expect(await doomed.ended()).toBe('SIGKILL');
      await chaos.lockstep.startWorker();
      await settled();
    },
    2 * PATIENCE_MS,
  );

  async function change(from: number): Promise<void> {
    const updates = Array.from({ length: CHANGES }, (_, i) => from + i).map((n) => ({
      replaceOne: { filter: { _id: `${n}` }, replacement: { amount: order(n, n % 20 === 13).amount, revision: 1 } },
    }));
    await orders.bulkWrite(updates);
  }

  async function settled(): Promise<void> {
    const { mongodbUrl, elasticsearchUrl } = testServers();
    const sides = { mongodbUrl, elasticsearchUrl, database: chaos.database, collection: 'orders' };
    const index = chaos.index('refused', 'orders');
    const { refused } = await expectSettled(
      { ...sides, index, apiUrl: chaos.lockstep.api.url, connectorId: id },
      { timeoutMs: PATIENCE_MS },
    );
    expect(refused).toBe((CHANGES * ROUNDS) / 20);
  }
});

function order(n: number, isRefused: boolean): HostileDocument {
  return { _id: `${n}`, amount: isRefused ? `about ${n}` : n, revision: 0 };
}
