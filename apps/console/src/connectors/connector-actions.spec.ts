import { offeredActions, type ActedOn } from './connector-actions.js';

describe('offered actions', () => {
  it.each([
    ['stopped', 'idle', 'start', [], null],
    ['stopped', 'failed', 'start', [], 'CONNECTOR_QUARANTINED'],
    ['running', 'failed', 'pause', ['resync', 'stop'], 'SOURCE_AUTH_FAILED'],
    ['running', 'failed', 'start', ['pause', 'stop'], 'CONNECTOR_QUARANTINED'],
    ['running', 'waiting', 'start', ['pause', 'stop'], 'CONNECTOR_SUSPECTED'],
    ['paused', 'paused', 'resume', ['stop'], null],
    ['running', 'streaming', 'pause', ['resync', 'stop'], null],
    ['running', 'resync_required', 'resync', ['pause', 'stop'], 'SOURCE_HISTORY_LOST'],
  ] as const)('%s and %s: %s, then %j (%s)', (desiredState, observedState, primary, others, code) => {
    const conditions = code === null ? [] : ([{ code }] as unknown as ActedOn['conditions']);
    expect(offeredActions({ desiredState, observedState, conditions })).toEqual({ primary, others });
  });
});
