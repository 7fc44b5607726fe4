import { generationJobStep } from './generation-job-step';

describe('what is done for the job of a generation', () => {
  it.each([
    ['pending', null, 'begin'],
    ['pending', 'filling', 'begin'],
    ['running', 'filling', 'leave'],
    ['running', 'returning', 'leave'],
    ['running', 'switching', 'leave'],
    ['running', 'serving', 'leave'],
    ['running', 'discarding', 'leave'],
    ['running', null, 'leave'],
    ['running', 'retired', 'fail'],
    ['paused', 'retired', 'fail'],
    ['paused', 'filling', 'leave'],
    ['canceling', 'filling', 'abandon'],
    ['canceling', 'returning', 'abandon'],
    ['canceling', 'retired', 'cancel'],
    ['canceling', null, 'cancel'],
    ['canceling', 'discarding', 'leave'],
    ['canceling', 'switching', 'leave'],
    ['canceling', 'serving', 'leave'],
    ['completed', 'serving', 'leave'],
    ['canceled', 'retired', 'leave'],
  ] as const)('a %s one whose generation is %s → %s', (job, own, expected) => {
    expect(generationJobStep(job, own, false)).toBe(expected);
  });

  it('ends a canceled one whose generation is discarded when nobody works for the connector', () => {
    expect(generationJobStep('canceling', 'discarding', true)).toBe('cancel');
    expect(generationJobStep('running', 'discarding', true)).toBe('leave');
  });
});
