import type { ConnectorView, JobView } from '../api/views.js';
import { INITIAL_LIVE_STATE, reduceLive } from '../live/live-state.js';
import { headroomOf, readingOf, readingsOf } from './readings.js';

const job = (id: string, state: string, lagMs: number | null, ratePerSecond: number | null): JobView =>
  ({ id, connectorId: 'con_a', state, progress: { lagMs, ratePerSecond } }) as JobView;
const withJobs = (...jobs: JobView[]) =>
  reduceLive(INITIAL_LIVE_STATE, {
    type: 'events',
    nowMs: 1,
    events: [
      { type: 'connector', value: { id: 'con_a' } as ConnectorView },
      ...jobs.map((value) => ({ type: 'job', value }) as const),
    ],
  });

describe('readings', () => {
  it('sums the rates and takes the worst lag of jobs at work', () => {
    const live = withJobs(job('1', 'running', 100, 5), job('2', 'running', 300, 7), job('3', 'completed', 900, 100));
    expect(readingOf(live, 'con_a')).toEqual({ lagMs: 300, ratePerSecond: 12 });
  });

  it('falls back to the lag that was measured last', () => {
    const live = reduceLive(withJobs(job('1', 'running', null, null)), {
      type: 'events',
      nowMs: 2,
      events: [{ type: 'lag', value: { connectorId: 'con_a', lagMs: 40 } }],
    });
    expect(readingOf(live, 'con_a')).toEqual({ lagMs: 40, ratePerSecond: null });
  });

  it('knows the least headroom that a running job tells', () => {
    const told = (id: string, state: string, headroomMs: number | null): JobView => {
      const headroom = headroomMs === null ? null : { headroomMs, windowMs: 90, unknownCode: null };
      return { ...job(id, state, 1, 1), progress: { headroom } } as JobView;
    };
    expect(headroomOf(withJobs(job('1', 'running', 1, 1), told('2', 'running', null)), 'con_a')).toBeNull();
    const live = withJobs(told('1', 'running', 70), told('2', 'running', 50), told('3', 'completed', 10));
    expect(headroomOf(live, 'con_a')?.headroomMs).toBe(50);
  });

  it('knows nothing of a connector without work, nor anything while the stream is silent', () => {
    expect(readingOf(withJobs(job('1', 'paused', 100, 5)), 'con_a')).toEqual({ lagMs: null, ratePerSecond: null });
    const gaps = readingsOf(withJobs(job('1', 'running', 100, 5)), false);
    expect([...gaps]).toEqual([['con_a', { lagMs: null, ratePerSecond: null }]]);
  });
});
