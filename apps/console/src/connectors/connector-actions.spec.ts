import { offeredActions } from './connector-actions.js';

describe('offered actions', () => {
  it.each([
    ['stopped', 'idle', 'start', []],
    ['paused', 'paused', 'resume', ['stop']],
    ['running', 'streaming', 'pause', ['resync', 'stop']],
    ['running', 'resync_required', 'resync', ['pause', 'stop']],
  ] as const)('%s and %s: %s, then %j', (desiredState, observedState, primary, others) => {
    expect(offeredActions({ desiredState, observedState })).toEqual({ primary, others });
  });
});
