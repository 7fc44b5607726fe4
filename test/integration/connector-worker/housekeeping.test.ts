import { DeadLetterRetention } from '@lockstep/elastic-sink';
import { AuditRetention, GenerationStore, JobRetention, WorkerDirectory } from '@lockstep/jobs';
import { eventually } from '@lockstep/testing';
import { Housekeeping } from '../../../apps/connector-worker/src/worker/housekeeping';
import { EventRecorder, JobsContext, TEST_TIMEOUT_MS } from '../jobs/jobs-context.js';

const DAY_MS = 86_400_000;
const KEPT_DAYS = 7;

jest.setTimeout(TEST_TIMEOUT_MS);

describe('housekeeping', () => {
  const context = new JobsContext();
  const events = new EventRecorder();
  beforeAll(() => context.setUp());
  afterAll(() => context[Symbol.asyncDispose]());

  const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();
  const put = (name: string, id: string, document: object): Promise<unknown> =>
    context.client.index({ index: `${context.prefix}-${name}`, id, document: { schema: 1, id, ...document } });
  const ids = async (name: string): Promise<readonly string[]> => {
    const index = `${context.prefix}-${name}`;
    await context.client.indices.refresh({ index });
    const { hits } = await context.client.search({ index, size: 100, _source: false });
    return hits.hits.map(({ _id }) => _id ?? '').sort();
  };

  it('removes what was over longer ago than it is kept, at once when a worker starts, and nothing else', async () => {
    for (const days of [KEPT_DAYS - 1, KEPT_DAYS + 1]) {
      await put('audit', `keyed-${days}`, { at: ago(days), action: 'request.keyed', details: { answer: null } });
      for (const state of ['open', 'resolved', 'discarded']) {
        const closedAt = state === 'open' ? null : ago(days);
        await put('dead-letters', `${state}-${days}`, { state, closedAt, lastSeenAt: ago(100) });
      }
      for (const state of ['completed', 'failed', 'canceled', 'running']) {
        const finishedAt = state === 'running' ? null : ago(days);
        await put('jobs', `${state}-${days}`, { state, connectorId: 'con_1', createdAt: ago(100), finishedAt });
      }
    }
    const { client, prefix } = context;
    const generations = new GenerationStore(client, prefix);
    await generations.begin('con_1', { jobId: 'job_1', revision: 1 });
    await generations.commit('con_1', { number: 2, jobId: 'job_1' });
    await generations.serve('con_1', 2);
    const housekeeping = new Housekeeping({
      directory: new WorkerDirectory(client, prefix),
      jobs: new JobRetention(client, prefix),
      deadLetters: new DeadLetterRetention(client, prefix),
      audit: new AuditRetention(client, prefix),
      events,
      historyRetentionMs: KEPT_DAYS * DAY_MS,
      generations,
      generationRetentionMs: -1_000,
    });
    await client.indices.refresh({ index: `${prefix}-*` });
    housekeeping.start();
    try {
      await eventually(async () => (await ids('audit')).length + (await ids('jobs')).length === 6, {
        timeoutMs: 30_000,
        what: 'old records and jobs to be removed',
      });
      await eventually(async () => (await ids('dead-letters')).length === 4, { timeoutMs: 30_000 });
      await eventually(async () => (await generations.get('con_1')).generations[0]?.state === 'discarding', {
        timeoutMs: 30_000,
        what: 'the retired generation to be discarded',
      });
    } finally {
      await housekeeping.stop();
    }
    expect((await generations.get('con_1')).generations.map(({ state }) => state)).toEqual(['discarding', 'serving']);
    const kept = new GenerationStore(client, prefix);
    await kept.begin('con_2', { jobId: 'job_2', revision: 1 });
    await kept.commit('con_2', { number: 2, jobId: 'job_2' });
    await kept.serve('con_2', 2);
    expect(await kept.discardRetired(DAY_MS)).toBe(0);
    expect(await ids('audit')).toEqual(['keyed-6']);
    expect(await ids('dead-letters')).toEqual(['discarded-6', 'open-6', 'open-8', 'resolved-6']);
    expect(await ids('jobs')).toEqual(['canceled-6', 'completed-6', 'failed-6', 'running-6', 'running-8']);
    expect(events.types()).toEqual([]);
  });
});
