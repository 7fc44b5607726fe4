import type { PartitionState } from '@lockstep/contracts';
import { hasCode } from '@lockstep/core';
import { DocumentStore, stateAlias } from '@lockstep/elastic';
import { eventually, uniqueName } from '@lockstep/testing';
import { isStateWrite, JobsContext, TEST_TIMEOUT_MS, type TestWorker } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

const withStream = (streamJobId: string) => (state: PartitionState) => ({ ...state, streamJobId });

describe('saving under a lease', () => {
  let context: JobsContext;
  let states: DocumentStore<PartitionState>;
  let worker: TestWorker;
  let connectorId: string;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
    states = new DocumentStore(context.client, stateAlias(context.prefix, 'state'));
  });
  beforeEach(async () => {
    connectorId = uniqueName('con');
    worker = await context.worker();
  });
  afterEach(async () => {
    worker.proxy.heal();
    await worker.heartbeat.stop();
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const id = (): string => `${connectorId}:1:0`;
  const stored = async (): Promise<PartitionState> => (await states.get(id()))!.source;

  function dropAnswers(times: number): void {
    let left = times;
    worker.proxy.refuseRequests((seen) => (isStateWrite(seen) && left-- > 0 ? 'dropAnswer' : undefined));
  }

  it('carries out saves one after the other, each on what the one before left', async () => {
    const lease = await worker.claimed(connectorId);
    const count = (state: PartitionState): PartitionState => ({
      ...state,
      streamJobId: String(Number(state.streamJobId ?? 0) + 1),
    });
    await Promise.all(Array.from({ length: 50 }, () => lease.save(count)));
    expect((await stored()).streamJobId).toBe('50');
    expect(lease.state.streamJobId).toBe('50');
  });

  it('leaves key, holder and epoch as they are, whatever the change says', async () => {
    const lease = await worker.claimed(connectorId);
    await lease.save((state) => ({ ...state, epoch: 99, lease: null, generation: 7 }));
    expect(await stored()).toMatchObject({ epoch: 1, generation: 1, lease: worker.heartbeat.holder });
  });

  it('goes on with its epoch after lost answers', async () => {
    const lease = await worker.claimed(connectorId);
    dropAnswers(3);
    await lease.save(withStream('job_a'));
    worker.proxy.heal();
    await lease.save(withStream('job_b'));
    expect(await stored()).toMatchObject({ epoch: 1, streamJobId: 'job_b', lease: worker.heartbeat.holder });
    expect(lease.signal.aborted).toBe(false);
  });

  it('goes on through a storm of conflicts while epoch and holder are ours', async () => {
    const lease = await worker.claimed(connectorId);
    let isStorming = true;
    const storm = (async () => {
      while (isStorming) {
        const current = (await states.get(id()))!;
        await states.put(id(), current.source);
      }
    })();
    for (let i = 0; i < 10; i += 1) await lease.save(withStream(`job_${i}`));
    isStorming = false;
    await storm;
    // The storm's last write may have put the state of before back: the next save wins again.
    await lease.save(withStream('job_last'));
    expect(await stored()).toMatchObject({ epoch: 1, streamJobId: 'job_last' });
  });

  it('waits out an Elasticsearch that refuses for a time, while the heartbeat is fresh', async () => {
    const lease = await worker.claimed(connectorId);
    let left = 4;
    worker.proxy.refuseRequests((seen) =>
      seen.path.includes('-state/') && left-- > 0 ? { status: 429, type: 'circuit_breaking_exception' } : undefined,
    );
    await lease.save(withStream('job_a'));
    expect((await stored()).streamJobId).toBe('job_a');
  });

  it('is over when another epoch is stored, and never writes again', async () => {
    const lease = await worker.claimed(connectorId);
    const other = { workerId: 'wrk_other', incarnation: 'x' };
    await states.put(id(), { ...(await stored()), epoch: 2, lease: other });
    await expect(lease.save(withStream('job_a'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    expect(lease.signal.aborted).toBe(true);
    expect(hasCode(lease.signal.reason, 'JOB_LEASE_LOST')).toBe(true);
    await expect(lease.save(withStream('job_b'))).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    await lease.release();
    expect(await stored()).toMatchObject({ epoch: 2, lease: other, streamJobId: null });
    expect(worker.events.types().filter((type) => type === 'lease.lost')).toHaveLength(1);
    expect(worker.events.types()).not.toContain('lease.released');
  });

  it('tells a refusal for good to its caller and lives on', async () => {
    const lease = await worker.claimed(connectorId);
    const broken = (state: PartitionState): PartitionState => ({ ...state, unknownField: 1 }) as PartitionState;
    await expect(lease.save(broken)).rejects.not.toMatchObject({ code: 'JOB_LEASE_LOST' });
    await lease.save(withStream('job_a'));
    expect((await stored()).streamJobId).toBe('job_a');
  });

  it('does not write when the change throws, and goes on with the next', async () => {
    const lease = await worker.claimed(connectorId);
    const fail = (): PartitionState => {
      throw new RangeError('no');
    };
    const [failed, saved] = await Promise.allSettled([lease.save(fail), lease.save(withStream('job_a'))]);
    expect([failed.status, saved.status]).toEqual(['rejected', 'fulfilled']);
    expect((await stored()).streamJobId).toBe('job_a');
  });

  it('releases after the saves under way, even when the answer is lost', async () => {
    const lease = await worker.claimed(connectorId);
    const saving = lease.save(withStream('job_a'));
    await lease.release();
    await saving;
    expect(await stored()).toMatchObject({ lease: null, epoch: 1, streamJobId: 'job_a' });
    const second = await worker.claimed(connectorId);
    dropAnswers(1);
    await second.release();
    expect(await stored()).toMatchObject({ lease: null, epoch: 2 });
    await expect(second.save((state) => state)).rejects.toMatchObject({ code: 'JOB_LEASE_LOST' });
    expect(worker.events.types().filter((type) => type === 'lease.released')).toHaveLength(2);
    expect(worker.heartbeat.partitions()).toEqual([]);
  });

  it('names what it holds in its heartbeat', async () => {
    await worker.claimed(connectorId);
    const workers = new DocumentStore<{ partitions: string[] }>(context.client, stateAlias(context.prefix, 'workers'));
    const { workerId } = worker.heartbeat.holder;
    await eventually(async () => (await workers.get(workerId))?.source.partitions.includes(id()));
  });
});
