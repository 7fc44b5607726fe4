import { generationJobStep } from './generation-job-step';

describe('what is done for the job of a generation', () => {
  it.each([
    ['pending', null, 'begin'],
    ['pending', 'filling', 'begin'],
    ['pending', 'discarding', 'begin'],
    ['pending', 'retired', 'fail'],
    ['running', 'filling', 'leave'],
    ['running', 'returning', 'leave'],
    ['running', 'switching', 'leave'],
    ['running', 'serving', 'leave'],
    ['running', 'discarding', 'leave'],
    ['running', null, 'fail'],
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
    ['failed', null, 'leave'],
  ] as const)('a %s one whose generation is %s → %s', (job, own, expected) => {
    expect(generationJobStep(job, own, false)).toBe(expected);
  });

  it.each([
    ['running', 'filling', 'settle'],
    ['paused', 'filling', 'settle'],
    ['running', 'returning', 'settle'],
    ['running', 'switching', 'settle'],
    ['running', 'serving', 'settle'],
    ['canceling', 'switching', 'settle'],
    ['canceling', 'serving', 'settle'],
    ['canceling', 'filling', 'abandon'],
    ['canceling', 'discarding', 'cancel'],
    // It was given up because of a failure.
    ['running', 'discarding', 'fail'],
    ['running', 'retired', 'fail'],
    ['completed', 'serving', 'leave'],
  ] as const)(
    'a %s one whose generation is %s, when nobody works for a connector that is stopped → %s',
    (job, own, expected) => {
      expect(generationJobStep(job, own, true)).toBe(expected);
    },
  );
});
