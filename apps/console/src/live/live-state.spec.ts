import type { ChangeView, ConnectorView, JobView } from '../api/views.js';
import { unreachableProblem } from '../api/problem.js';
import { readLiveEvent, type LiveEvent } from './live-event.js';
import { INITIAL_LIVE_STATE, MAX_CHANGES, MAX_JOBS, reduceLive, type LiveState } from './live-state.js';

const connector = (id: string, name = id): ConnectorView => ({ id, name }) as ConnectorView;
const job = (id: string, finishedAt: string | null): JobView => ({ id, finishedAt, createdAt: id }) as JobView;
const change = (sequence: number): ChangeView => ({
  operation: 'insert',
  connectorId: 'con_a',
  namespace: 'shop.orders',
  id: `id-${sequence}`,
  at: '2026-01-01T00:00:00Z',
  workerId: 'wrk_a',
  sequence,
});
const told = (state: LiveState, nowMs: number, ...events: LiveEvent[]): LiveState =>
  reduceLive(state, { type: 'events', events, nowMs });
const namesOf = (state: LiveState): string[] => [...state.connectors.entries.values()].map((e) => e.value.name);

describe('live state', () => {
  it('replaces a list by what was loaded', () => {
    const before = told(INITIAL_LIVE_STATE, 10, { type: 'connector', value: connector('con_old') });
    const after = reduceLive(before, {
      type: 'loaded',
      kind: 'connectors',
      items: [connector('con_a')],
      requestedAtMs: 20,
      nowMs: 30,
    });
    expect(after.connectors.status).toBe('ready');
    expect(namesOf(after)).toEqual(['con_a']);
  });

  it('keeps what the stream told while the list was on its way', () => {
    const before = told(
      INITIAL_LIVE_STATE,
      25,
      { type: 'connector', value: connector('con_a', 'new name') },
      { type: 'connector', value: connector('con_b') },
    );
    const items = [connector('con_a', 'old name')];
    const after = reduceLive(before, { type: 'loaded', kind: 'connectors', items, requestedAtMs: 20, nowMs: 30 });
    expect(namesOf(after)).toEqual(['new name', 'con_b']);
  });

  it('merges a partial entry into the known one and removes a deleted one', () => {
    const full = told(INITIAL_LIVE_STATE, 1, { type: 'connector', value: connector('con_a', 'kept') });
    const merged = told(full, 2, { type: 'connector', value: { id: 'con_a', revision: 2 } as ConnectorView });
    expect(merged.connectors.entries.get('con_a')?.value).toEqual({ id: 'con_a', name: 'kept', revision: 2 });
    expect(namesOf(told(merged, 3, { type: 'removed', kind: 'connectors', id: 'con_a' }))).toEqual([]);
  });

  it('keeps entries when loading fails', () => {
    const before = told(INITIAL_LIVE_STATE, 1, { type: 'connector', value: connector('con_a') });
    const after = reduceLive(before, { type: 'loadFailed', kind: 'connectors', problem: unreachableProblem() });
    expect(after.connectors.status).toBe('failed');
    expect(namesOf(after)).toEqual(['con_a']);
  });

  it('keeps the newest changes first, bounded, each once', () => {
    const events = Array.from({ length: MAX_CHANGES + 20 }, (_, i): LiveEvent => ({
      type: 'change',
      value: change(i),
    }));
    const after = told(told(INITIAL_LIVE_STATE, 1, ...events), 2, ...events.slice(-5));
    expect(after.changes).toHaveLength(MAX_CHANGES);
    expect(after.changes[0]?.sequence).toBe(MAX_CHANGES + 19);
  });

  it('drops the oldest finished jobs first', () => {
    const ids = Array.from({ length: MAX_JOBS + 2 }, (_, i) => `job_${String(i).padStart(4, '0')}`);
    const after = told(
      INITIAL_LIVE_STATE,
      1,
      ...ids.map((id, i): LiveEvent => ({ type: 'job', value: job(id, i === 0 ? null : 'then') })),
    );
    expect(after.jobs.entries.size).toBe(MAX_JOBS);
    expect(after.jobs.entries.has('job_0000')).toBe(true);
    expect(after.jobs.entries.has('job_0001')).toBe(false);
  });
});

describe('reading a live event', () => {
  it.each([
    ['reset', '', { type: 'reset' }],
    ['job', '{"id":"job_a"}', { type: 'job', value: { id: 'job_a' } }],
    ['connector', '{"id":"con_a","deleted":true}', { type: 'removed', kind: 'connectors', id: 'con_a' }],
    ['lag', '{"connectorId":"con_a","lagMs":5}', { type: 'lag', value: { connectorId: 'con_a', lagMs: 5 } }],
    ['job', '{"name":"no id"}', null],
    ['job', '{broken', null],
    ['change', '[]', null],
    ['novelty', '{"id":"x"}', null],
  ])('%s %s', (event, data, expected) => {
    expect(readLiveEvent({ event, data, id: null })).toEqual(expected);
  });
});
