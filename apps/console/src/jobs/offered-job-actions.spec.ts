import type { Condition } from '@lockstep/contracts';
import { offeredJobActions } from './offered-job-actions.js';

const condition = (code: Condition['code']): Condition => ({ reason: 'R', code, message: '', since: '', remedy: '' });

describe('offered job actions', () => {
  it.each([
    ['running', null, false, ['cancel']],
    ['pending', null, false, ['cancel']],
    ['canceling', null, false, []],
    ['completed', null, false, []],
    ['running', condition('SOURCE_UNREACHABLE'), false, ['cancel']],
    ['running', condition('SWEEP_BRAKE_ENGAGED'), false, ['confirm', 'cancel']],
    ['running', condition('SWEEP_BRAKE_ENGAGED'), true, ['cancel']],
    ['running', condition('GENERATION_BRAKE_ENGAGED'), false, ['confirm', 'cancel']],
  ] as const)('%s %p confirmed %p: %j', (state, held, confirmed, actions) => {
    expect(offeredJobActions({ state, condition: held, confirmed })).toEqual(actions);
  });
});
