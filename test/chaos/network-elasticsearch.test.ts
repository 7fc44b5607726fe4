import { eventually, TcpFaultProxy, type BulkItem, type Refusal } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from '../e2e/chaos-harness';
import { shopOrders } from '../e2e/shop-data';

const SOON = { timeoutMs: PATIENCE_MS };
const BUSY: Refusal = { status: 429, type: 'es_rejected_execution_exception' };
const AWAY: Refusal = { status: 503, type: 'unavailable_shards_exception' };

describe('an Elasticsearch behind a network that misbehaves for longer', () => {
  const chaos = new ChaosHarness();
  let wire: TcpFaultProxy;
  let id: string;

  beforeAll(async () => {
    await chaos.start({ LOCKSTEP_ELASTICSEARCH_TIMEOUT_MS: '3000' });
    wire = await TcpFaultProxy.start(Number(new URL(chaos.elasticsearch.url).port));
    await chaos.db.collection('orders').insertMany(shopOrders(1_000));
    const { sink, ...rest } = chaos.definition('net', ['orders']) as { sink: object };
    const elasticsearch = { url: `http://127.0.0.1:${wire.port}` };
    id = await chaos.lockstep.sync({ ...rest, sink: { ...sink, elasticsearch } });
  }, 2 * PATIENCE_MS);

  afterAll(async () => {
    await chaos.stop();
    await wire?.stop();
  }, PATIENCE_MS);

  const isUnreachable = async (): Promise<boolean> =>
    (await chaos.lockstep.connector(id)).conditions.some(({ code }) => code === 'SINK_UNREACHABLE');
  const retried = (): Promise<number> => chaos.lockstep.workers[0]!.metric('lockstep_retried_documents_total');

  /** Writes go on until the fault has struck; once it is over, both sides agree completely. */
  async function survives(hasStruck: () => Promise<boolean>, heal: () => void): Promise<void> {
    const writer = new Writer(chaos.db.collection('orders'));
    try {
      await eventually(hasStruck, { ...SOON, intervalMs: 250, what: 'the fault to strike' });
    } finally {
      heal();
      await writer.end();
    }
    expect(await chaos.expectInLockstep('net', 'orders')).toBeGreaterThan(0);
    await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
  }

  it(
    'sends chosen items again that are refused with 429 and 503',
    async () => {
      const times = new Map<string, number>();
      chaos.elasticsearch.refuseBulkItems(({ id: documentId = '' }: BulkItem) => {
        const seen = (times.get(documentId) ?? 0) + 1;
        times.set(documentId, seen);
        if (!/[05a]$/.test(documentId) || seen > 2) return undefined;
        return seen === 1 ? BUSY : AWAY;
      });
      const before = await retried();
      await survives(
        async () => (await retried()) >= before + 300,
        () => chaos.elasticsearch.heal(),
      );
    },
    2 * PATIENCE_MS,
  );

  it.each([
    ['toServer', 12_000],
    ['toClient', 150],
  ] as const)(
    'loses nothing when connections are reset in the middle of what goes %s',
    async (direction, bytes) => {
      wire.inject({ kind: 'cutAfter', bytes, direction });
      const before = await retried();
      // What never gets through is never sent again: then it is told that nothing does.
      await survives(
        async () => (await retried()) > before || (await isUnreachable()),
        () => wire.heal(),
      );
    },
    2 * PATIENCE_MS,
  );

  it(
    'loses nothing when answers stop in the middle and the connection stays open',
    async () => {
      const writer = new Writer(chaos.db.collection('orders'));
      try {
        await writer.roundsOn(3);
        wire.inject({ kind: 'blackHole' });
        await chaos.untilCondition(id, 'SINK_UNREACHABLE');
        expect((await chaos.lockstep.connector(id)).observedState).toBe('waiting');
      } finally {
        wire.heal();
        await writer.end();
      }
      expect(await chaos.expectInLockstep('net', 'orders')).toBeGreaterThan(0);
      await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    },
    2 * PATIENCE_MS,
  );
});
