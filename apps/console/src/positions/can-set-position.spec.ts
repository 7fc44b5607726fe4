import { canSetPosition } from './can-set-position.js';

describe('setting a position', () => {
  it.each([
    ['running', false],
    ['paused', true],
    ['stopped', true],
  ] as const)('of a connector that is wished %s: %s', (desiredState, isOffered) => {
    expect(canSetPosition({ desiredState })).toBe(isOffered);
  });
});
