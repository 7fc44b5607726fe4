import { isLeftOver } from './left-over-job';

const LEAD = { bulkJobId: 'job_b', streamJobId: 'job_s' };

describe('a job that nobody works for', () => {
  it.each([
    ['job_b', 'running', LEAD, false],
    ['job_s', 'running', LEAD, false],
    ['job_b', 'paused', LEAD, false],
    ['job_s', 'canceling', LEAD, false],
    ['job_o', 'running', LEAD, true],
    ['job_o', 'paused', LEAD, true],
    ['job_o', 'canceling', LEAD, true],
    // It waits to be taken up.
    ['job_o', 'pending', LEAD, false],
    ['job_o', 'completed', LEAD, false],
    ['job_o', 'failed', LEAD, false],
    ['job_o', 'canceled', LEAD, false],
    ['job_o', 'running', { bulkJobId: null, streamJobId: null }, true],
    ['job_o', 'running', undefined, true],
    ['job_o', 'pending', undefined, false],
  ] as const)('%s, which is %s, beside %j: %s', (id, state, lead, expected) => {
    expect(isLeftOver({ id, state }, lead)).toBe(expected);
  });
});
