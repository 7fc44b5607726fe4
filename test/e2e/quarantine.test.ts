import { eventually, httpText, type ServiceProcess } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS, Writer } from './chaos-harness';
import { shopOrders } from './shop-data';

/** Quick trials and takeovers. On a busy machine a worker may outlive a trial before it gets to the poison. */
const QUICK = {
  LOCKSTEP_QUARANTINE_AFTER: '4',
  LOCKSTEP_QUARANTINE_TRIAL_MS: '12000',
  LOCKSTEP_LEASE_TTL_MS: '3000',
  LOCKSTEP_HEARTBEAT_INTERVAL_MS: '500',
  LOCKSTEP_POLL_INTERVAL_MS: '300',
};
/** Reached by whoever meets a field that no index has yet: the poisoned connector alone. */
const DOOMED = { LOCKSTEP_TEST_KILL_POINT: 'fields.mapping' };
const WORKERS = 2;

/** Starts a worker in the place of every one that ends, as an operating system would. */
class Keeper {
  deaths = 0;
  private isEnding = false;
  private readonly places: Promise<void>[] = [];

  constructor(
    private readonly chaos: ChaosHarness,
    private readonly env: Readonly<Record<string, string>>,
  ) {
    for (let place = 0; place < WORKERS; place += 1) this.places.push(this.keep());
  }

  async end(): Promise<void> {
    this.isEnding = true;
    await Promise.all(this.chaos.lockstep.workers.map((worker) => worker.stop()));
    await Promise.all(this.places);
  }

  private async keep(): Promise<void> {
    while (!this.isEnding) {
      const worker: ServiceProcess = await this.chaos.lockstep.launchWorker(this.env);
      if (this.isEnding) worker.kill('SIGTERM');
      if ((await worker.ended()) === 'SIGKILL' && !this.isEnding) this.deaths += 1;
    }
  }
}

describe('a connector that ends its workers', () => {
  const chaos = new ChaosHarness();
  let keeper: Keeper;
  let writer: Writer;
  const ids = { poisoned: '', healthy: '' };

  beforeAll(async () => {
    await chaos.start(QUICK);
    for (const name of ['poisoned', 'healthy'] as const) {
      await chaos.db.collection(name).insertMany(shopOrders(500));
      ids[name] = await chaos.lockstep.createConnector(chaos.definition(name, [name]));
      await chaos.lockstep.act(ids[name], 'start');
    }
    for (const id of Object.values(ids)) await chaos.lockstep.untilStreaming(id, PATIENCE_MS);
    await chaos.lockstep.workers[0]!.stop('SIGTERM');
    writer = new Writer(chaos.db.collection('healthy'));
  }, 180_000);

  afterAll(async () => {
    await writer?.end();
    await keeper?.end();
    await chaos.stop();
  }, 60_000);

  it('is left alone in the end, while the one beside it goes on', async () => {
    await chaos.db.collection('poisoned').insertOne({ freshField: 'that no index has' });
    keeper = new Keeper(chaos, DOOMED);
    await chaos.untilCondition(ids.poisoned, 'CONNECTOR_QUARANTINED');
    const { deaths } = keeper;
    expect(deaths).toBeGreaterThanOrEqual(Number(QUICK.LOCKSTEP_QUARANTINE_AFTER));
    await eventually(async () => (await chaos.lockstep.connector(ids.poisoned)).observedState === 'failed', {
      timeoutMs: PATIENCE_MS,
      what: 'it to be left alone',
    });
    expect((await chaos.lockstep.connector(ids.poisoned)).desiredState).toBe('running');
    expect((await chaos.lockstep.jobs(ids.poisoned)).map(({ error }) => error?.code)).toContain(
      'CONNECTOR_QUARANTINED',
    );
    const metrics = await httpText(`${chaos.lockstep.api.url}/metrics`);
    expect(metrics.body).toContain(`lockstep_connector_quarantined{connector="${ids.poisoned}"} 1`);
    expect(metrics.body).not.toContain(`lockstep_connector_quarantined{connector="${ids.healthy}"}`);
    await writer.roundsOn(20);
    await writer.end();
    await chaos.expectInLockstep('healthy', 'healthy');
    await eventually(async () => (await chaos.lockstep.connector(ids.healthy)).observedState === 'streaming', {
      timeoutMs: PATIENCE_MS,
      what: 'the healthy one to stream',
    });
    expect(keeper.deaths).toBe(deaths);
  }, 240_000);

  it('goes on from its position once the cause is gone and an operator starts it', async () => {
    await keeper.end();
    await chaos.db.collection('poisoned').insertMany(shopOrders(50, 1_000));
    await chaos.db.collection('poisoned').deleteMany({ quantity: 3 });
    await chaos.lockstep.startWorker();
    expect((await chaos.lockstep.connector(ids.poisoned)).observedState).toBe('failed');
    await chaos.lockstep.act(ids.poisoned, 'start');
    await chaos.lockstep.untilStreaming(ids.poisoned, PATIENCE_MS);
    await chaos.expectInLockstep('poisoned', 'poisoned');
    const scans = (await chaos.lockstep.jobs(ids.poisoned)).filter(({ type }) => type === 'bulk_sync');
    expect(scans).toHaveLength(1);
  }, 180_000);
});
