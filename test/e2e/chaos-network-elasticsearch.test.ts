import { eventually, httpJson, type Refusal, type SeenRequest } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

const SOON = { timeoutMs: PATIENCE_MS };
const BUSY: Refusal = { status: 429, type: 'es_rejected_execution_exception' };
const AWAY: Refusal = { status: 503, type: 'unavailable_shards_exception' };

const isBulk = ({ path }: SeenRequest): boolean => path.startsWith('/_bulk');

describe('an Elasticsearch behind a network that misbehaves', () => {
  const chaos = new ChaosHarness();
  let id: string;

  beforeAll(async () => {
    // An answer that never comes is given up soon.
    await chaos.start({ LOCKSTEP_ELASTICSEARCH_TIMEOUT_MS: '6000' });
    await chaos.db.collection('orders').insertMany(shopOrders(1_000));
    id = await chaos.lockstep.sync(chaos.definition('net', ['orders']));
  }, 2 * PATIENCE_MS);

  afterAll(() => chaos.stop(), PATIENCE_MS);

  const orders = () => chaos.db.collection('orders');
  const index = () => `${chaos.elasticsearchUrl}/${chaos.index('net', 'orders')}-000001`;

  async function setIndex(settings: object): Promise<void> {
    expect((await httpJson(`${index()}/_settings`, { method: 'PUT', body: settings })).status).toBe(200);
  }

  /** Writes go on while the fault strikes, until it is over; then both sides agree completely. */
  async function survives(fault: (writer: Writer) => Promise<void>, heal: () => unknown): Promise<void> {
    const writer = new Writer(orders());
    try {
      await fault(writer);
    } finally {
      await heal();
      await writer.end();
    }
    expect(await chaos.expectInLockstep('net', 'orders')).toBeGreaterThan(0);
    await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
  }

  it.each<['dropAnswer' | 'swallowAnswer', string]>([
    ['dropAnswer', 'breaks with the connection'],
    ['swallowAnswer', 'never comes'],
  ])(
    'loses nothing when every third bulk is carried out and its answer (%s) %s',
    async (decision) => {
      let [bulks, struck] = [0, 0];
      chaos.elasticsearch.refuseRequests((seen) => {
        if (!isBulk(seen) || ++bulks % 3 !== 0) return undefined;
        struck += 1;
        return decision;
      });
      const isEnough = (): boolean => struck >= 3;
      await survives(
        () => eventually(isEnough, { ...SOON, what: 'lost answers' }).then(() => undefined),
        () => chaos.elasticsearch.heal(),
      );
    },
    2 * PATIENCE_MS,
  );

  it(
    'loses nothing in bursts of 429 and 503',
    async () => {
      let [bulks, struck] = [0, 0];
      chaos.elasticsearch.refuseRequests((seen) => {
        if (!isBulk(seen) || ++bulks % 5 > 2) return undefined;
        struck += 1;
        return bulks % 2 === 0 ? BUSY : AWAY;
      });
      await survives(
        () => eventually(() => struck >= 12, { ...SOON, what: 'refused bulks' }).then(() => undefined),
        () => chaos.elasticsearch.heal(),
      );
    },
    2 * PATIENCE_MS,
  );

  it(
    'holds while the index takes no writes, tells since when, and the lag grows until it goes on',
    async () => {
      const [stream] = await chaos.lockstep.jobs(id, 'stream_sync');
      const lag = async (): Promise<number> => (await chaos.lockstep.job(stream!.id)).progress.lagMs ?? 0;
      const since = async (): Promise<string | undefined> =>
        (await chaos.lockstep.connector(id)).conditions.find(({ code }) => code === 'SINK_READ_ONLY')?.since;
      await setIndex({ 'index.blocks.write': true });
      await survives(
        async () => {
          const told = await eventually(since, { ...SOON, what: 'the condition' });
          const early = await eventually(lag, { ...SOON, what: 'a lag' });
          await eventually(async () => (await lag()) > early + 2_000, { ...SOON, what: 'the lag to grow' });
          expect(await since()).toBe(told);
          expect((await chaos.lockstep.connector(id)).observedState).toBe('waiting');
        },
        () => setIndex({ 'index.blocks.write': null }),
      );
      await eventually(async () => (await lag()) < 1_000, { ...SOON, what: 'the lag to be gone' });
      expect(await since()).toBeUndefined();
    },
    2 * PATIENCE_MS,
  );

  it(
    'waits while the index is red, and goes on when its shard finds a node',
    async () => {
      const { sink, ...rest } = chaos.definition('red', ['orders']) as { sink: object };
      const settings = { 'index.routing.allocation.require._name': 'nobody' };
      const redId = await chaos.lockstep.createConnector({ ...rest, sink: { ...sink, settings } });
      await chaos.lockstep.act(redId, 'start');
      const { code } = await eventually(
        async () => {
          const { observedState, conditions } = await chaos.lockstep.connector(redId);
          if (observedState === 'waiting' && conditions[0] !== undefined) return conditions[0];
          throw new Error(`${observedState} ${JSON.stringify(conditions)}`);
        },
        { ...SOON, what: 'the connector to wait' },
      );
      expect(code).toMatch(/^SINK_/);
      const red = `${chaos.index('red', 'orders')}-000001`;
      expect((await httpJson(`${chaos.elasticsearchUrl}/_cluster/health/${red}`)).body.status).toBe('red');
      const body = { 'index.routing.allocation.require._name': null };
      const answer = await httpJson(`${chaos.elasticsearchUrl}/${red}/_settings`, { method: 'PUT', body });
      expect(answer.status).toBe(200);
      await chaos.lockstep.untilStreaming(redId, PATIENCE_MS);
      expect(await chaos.expectInLockstep('red', 'orders')).toBeGreaterThan(0);
    },
    2 * PATIENCE_MS,
  );
});
