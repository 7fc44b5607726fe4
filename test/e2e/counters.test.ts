import { Int32, type Collection, type Document } from 'mongodb';
import { eventually } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from './chaos-harness';

/** Three pages of the scan. */
const TOTAL = 1_200;
const REFUSED = TOTAL / 20;
/** The second page takes longer than the time between two reports into the job's document. */
const SLOW_BYTES_PER_SECOND = 500_000;

jest.setTimeout(2 * PATIENCE_MS);

describe('the counters of a job', () => {
  const chaos = new ChaosHarness();
  let orders: Collection<Document>;
  const order = (n: number): Document => ({
    _id: new Int32(n),
    amount: n % 20 === 7 ? `about ${n}` : n,
    text: 'x'.repeat(2_500),
  });
  const job = async (id: string): ReturnType<typeof chaos.lockstep.job> => chaos.lockstep.job(id);

  beforeAll(async () => {
    await chaos.start({ LOCKSTEP_WORKER_ID: 'doomed', LOCKSTEP_SCAN_TURN_MS: '30000', LOCKSTEP_QUARANTINE_AFTER: '0' });
    orders = chaos.db.collection('orders');
  }, PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it('count every document once, wherever its worker is killed', async () => {
    await orders.insertMany(Array.from({ length: TOTAL }, (_, n) => order(n)));
    // The scan begins at the time of the newest write, which shall be none of these: the stream would take it again.
    await chaos.db.collection('later').insertOne({}, { writeConcern: { w: 'majority' } });
    await chaos.lockstep.workers[0]!.stop('SIGTERM');

    // Written and told, but not behind a checkpoint: it is done again.
    const first = await chaos.lockstep.startWorker({ LOCKSTEP_TEST_KILL_POINT: 'scan.written:3' });
    const { sink, ...definition } = chaos.definition('counted', ['orders']);
    const mappings = { properties: { amount: { type: 'long' }, text: { type: 'keyword', index: false } } };
    const id = await chaos.lockstep.createConnector({ ...definition, sink: { ...(sink as object), mappings } });
    chaos.mongodb.inject({ kind: 'slow', bytesPerSecond: SLOW_BYTES_PER_SECOND });
    const bulkId = (await chaos.lockstep.act(id, 'start'))!;
    expect(await first.ended()).toBe('SIGKILL');
    chaos.mongodb.heal();

    // Behind a checkpoint, but not told.
    const second = await chaos.lockstep.startWorker({ LOCKSTEP_TEST_KILL_POINT: 'scan.finished' });
    expect(await second.ended()).toBe('SIGKILL');

    const third = await chaos.lockstep.startWorker({ LOCKSTEP_TEST_KILL_POINT: 'stream.written' });
    await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    expect(await job(bulkId)).toMatchObject({
      state: 'completed',
      progress: { done: TOTAL },
      counters: { indexed: TOTAL - REFUSED, deadLettered: REFUSED, deleted: 0, conflicts: 0 },
    });

    await orders.updateMany({ amount: { $type: 'number' } }, { $inc: { amount: 1 } });
    expect(await third.ended()).toBe('SIGKILL');
    await chaos.lockstep.startWorker();
    const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
    await eventually(
      async () => {
        const { counters, progress } = await job(stream!.id);
        if (counters.indexed! >= TOTAL - REFUSED) return true;
        throw new Error(JSON.stringify({ counters, progress }));
      },
      { timeoutMs: PATIENCE_MS, what: 'the changes to be counted' },
    );
    expect(await job(stream!.id)).toMatchObject({
      state: 'running',
      progress: { done: TOTAL - REFUSED },
      counters: { indexed: TOTAL - REFUSED, deadLettered: 0, deleted: 0, conflicts: 0 },
    });
  });
});
