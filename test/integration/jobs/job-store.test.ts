import { NO_COUNTERS, type Job } from '@lockstep/contracts';
import { hasCode } from '@lockstep/core';
import { createElasticClient } from '@lockstep/elastic';
import { JobRetention, JobStore, newJobId, type NewJob } from '@lockstep/jobs';
import { ElasticsearchFaultProxy, eventually, testServers, uniqueName } from '@lockstep/testing';
import { JobsContext, TEST_TIMEOUT_MS } from './jobs-context.js';

jest.setTimeout(TEST_TIMEOUT_MS);

const BRAKE = {
  reason: 'SweepBrake',
  code: 'SWEEP_BRAKE_ENGAGED',
  message: 'm',
  since: '2026-01-01T00:00:00.000Z',
  remedy: 'r',
} as const;

describe('job store', () => {
  let context: JobsContext;
  let jobs: JobStore;
  let connectorId: string;

  beforeAll(async () => {
    context = await new JobsContext().setUp();
    jobs = new JobStore(context.client, context.prefix);
  });
  beforeEach(() => {
    connectorId = uniqueName('con');
  });
  afterAll(() => context[Symbol.asyncDispose]());

  const asked = (changes: Partial<NewJob> = {}): NewJob => ({
    type: 'bulk_sync',
    connectorId,
    connectorName: 'shop',
    requestedBy: 'system',
    ...changes,
  });

  it('makes a pending job that reads back as it was made', async () => {
    const job = await jobs.create(asked({ collections: ['orders'] }));
    expect(job).toMatchObject({ state: 'pending', connectorId, collections: ['orders'], counters: NO_COUNTERS });
    expect(job.id).toMatch(/^job_[0-9a-z]{26}$/);
    expect(await jobs.get(job.id)).toEqual(job);
    await expect(jobs.get('job_unknown')).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
    await expect(jobs.command('job_unknown', { kind: 'cancel' })).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
  });

  it('makes a job once, however often it is asked under one id', async () => {
    const id = newJobId();
    const made = await Promise.all(Array.from({ length: 5 }, () => jobs.create(asked({ id }))));
    expect(new Set(made.map(({ createdAt, etag }) => `${createdAt} ${etag}`)).size).toBe(1);
  });

  it('finds its job after the answer to the creation was lost', async () => {
    await using proxy = await ElasticsearchFaultProxy.start(testServers().elasticsearchUrl);
    const client = createElasticClient({ url: proxy.url });
    let left = 1;
    proxy.refuseRequests(({ method }) => (method !== 'GET' && left-- > 0 ? 'dropAnswer' : undefined));
    const job = await new JobStore(client, context.prefix).create(asked());
    expect(await jobs.get(job.id)).toEqual(job);
    await client.close();
  });

  it('lists newest first, page by page, by connector, type and state', async () => {
    const made: Job[] = [];
    for (let i = 0; i < 7; i += 1) {
      made.push(await jobs.create(asked({ type: i % 2 === 0 ? 'bulk_sync' : 'stream_sync' })));
    }
    await jobs.create(asked({ connectorId: `${connectorId}x`, requestedBy: 'api' }));
    await jobs.command(made[0]!.id, { kind: 'start' });
    await eventually(async () => (await jobs.list({ connectorId, state: 'running' })).items.length === 1);
    const newestFirst = made.map(({ id }) => id).reverse();
    const listed: string[] = [];
    let pageToken: string | undefined;
    do {
      const page = await jobs.list({ connectorId, pageSize: 3, ...(pageToken === undefined ? {} : { pageToken }) });
      expect(page.items.length).toBeLessThanOrEqual(3);
      listed.push(...page.items.map(({ id }) => id));
      pageToken = page.nextPageToken ?? undefined;
    } while (pageToken !== undefined);
    expect(listed).toEqual(newestFirst);
    expect((await jobs.list({ connectorId, type: 'stream_sync' })).items).toHaveLength(3);
    expect((await jobs.list({ connectorId, state: ['pending', 'running'] })).items).toHaveLength(7);
    await expect(jobs.list({ pageToken: 'x' })).rejects.toMatchObject({ code: 'API_REQUEST_INVALID' });
  });

  it('shows what the API asked for in the very next list', async () => {
    const job = await jobs.create(asked({ requestedBy: 'api' }));
    expect((await jobs.list({ connectorId })).items.map(({ id }) => id)).toEqual([job.id]);
    await jobs.command(job.id, { kind: 'cancel' });
    expect((await jobs.list({ connectorId })).items.map(({ state }) => state)).toEqual(['canceled']);
  });

  it('loses neither a command nor a report when both come at once', async () => {
    const { id } = await jobs.create(asked());
    await jobs.command(id, { kind: 'start' });
    const reports = Array.from({ length: 12 }, (_, i) =>
      jobs.report(id, { counters: { ...NO_COUNTERS, indexed: i + 1 } }),
    );
    await Promise.all([...reports, jobs.command(id, { kind: 'cancel' })]);
    expect(await jobs.get(id)).toMatchObject({ state: 'canceling', counters: { indexed: 12 } });
  });

  it('lets a completion and a cancel race, and obeys exactly one', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await jobs.create(asked());
      await jobs.command(id, { kind: 'start' });
      const outcomes = await Promise.allSettled([
        jobs.command(id, { kind: 'complete' }),
        jobs.command(id, { kind: 'cancel' }),
      ]);
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused).toHaveLength(1);
      expect(hasCode(refused[0]?.reason, 'JOB_STATE_CONFLICT')).toBe(true);
      const [completing] = outcomes;
      expect((await jobs.get(id)).state).toBe(completing.status === 'fulfilled' ? 'completed' : 'canceling');
    }
  });

  it('never brings a job back that is over', async () => {
    const { id } = await jobs.create(asked());
    const canceled = await jobs.command(id, { kind: 'cancel' });
    expect(canceled.state).toBe('canceled');
    expect(await jobs.report(id, { counters: { ...NO_COUNTERS, indexed: 5 }, condition: BRAKE })).toEqual(canceled);
    await expect(jobs.command(id, { kind: 'start' })).rejects.toMatchObject({ code: 'JOB_STATE_CONFLICT' });
  });

  it('confirms a removal that waits', async () => {
    const { id } = await jobs.create(asked());
    await jobs.command(id, { kind: 'start' });
    const confirm = { kind: 'confirm', collections: ['orders'] } as const;
    await expect(jobs.command(id, confirm)).rejects.toMatchObject({ code: 'JOB_STATE_CONFLICT' });
    await jobs.report(id, { condition: BRAKE, heldCollections: ['orders', 'films'] });
    expect(await jobs.command(id, confirm)).toMatchObject({ confirmed: false, heldCollections: ['films'] });
    expect(await jobs.get(id)).toMatchObject({ heldCollections: ['films'], confirmedCollections: ['orders'] });
  });

  it('carries a command out on the job that was decided on, and not when it has changed since', async () => {
    const seen = await jobs.create(asked());
    const { etag } = await jobs.command(seen.id, { kind: 'start' });
    const late = jobs.command(seen.id, { kind: 'cancel' }, { etag: seen.etag });
    await expect(late).rejects.toMatchObject({ code: 'CONFIG_VERSION_CONFLICT' });
    expect((await jobs.get(seen.id)).etag).toBe(etag);
    expect((await jobs.command(seen.id, { kind: 'cancel' }, { etag })).state).toBe('canceling');
    const { items } = await jobs.list({ connectorId });
    const listed = items.find(({ id }) => id === seen.id);
    expect((await jobs.command(seen.id, { kind: 'canceled' }, { etag: listed?.etag ?? '' })).state).toBe('canceled');
  });

  it('removes finished jobs beyond the number and age that are kept, and no other', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) ids.push((await jobs.create(asked())).id);
    for (const id of ids.slice(0, 4)) await jobs.command(id, { kind: 'cancel' });
    const retention = new JobRetention(context.client, context.prefix);
    const dayMs = 86_400_000;
    await retention.reap({ keepPerConnector: 2, maxAgeMs: dayMs });
    expect((await jobs.get(ids[4]!)).state).toBe('pending');
    for (const id of ids.slice(2, 4)) expect((await jobs.get(id)).state).toBe('canceled');
    for (const id of ids.slice(0, 2)) await expect(jobs.get(id)).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
    const inTwoDays = { nowMs: () => Date.now() + 2 * dayMs, monotonicMs: () => 0 };
    await eventually(async () => (await jobs.list({ connectorId })).items.length === 3);
    const later = new JobRetention(context.client, context.prefix, inTwoDays);
    expect(await later.reap({ keepPerConnector: 2, maxAgeMs: dayMs })).toBeGreaterThanOrEqual(2);
    expect((await jobs.get(ids[4]!)).state).toBe('pending');
    await expect(jobs.get(ids[3]!)).rejects.toMatchObject({ code: 'JOB_UNKNOWN' });
  });
});
