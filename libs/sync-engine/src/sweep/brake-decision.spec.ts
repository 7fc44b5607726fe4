import { isBrakeEngaged } from './brake-decision.js';

describe('brake', () => {
  it.each([
    [{ indexed: 100, orphans: 20, maxRatio: 0.2, isConfirmed: false }, false],
    [{ indexed: 100, orphans: 21, maxRatio: 0.2, isConfirmed: false }, true],
    [{ indexed: 100, orphans: 100, maxRatio: 0.2, isConfirmed: true }, false],
    [{ indexed: 3, orphans: 1, maxRatio: 0, isConfirmed: false }, true],
    [{ indexed: 0, orphans: 0, maxRatio: 0, isConfirmed: false }, false],
    [{ indexed: 100, orphans: 100, maxRatio: 1, isConfirmed: false }, false],
  ])('%j → %s', (view, expected) => {
    expect(isBrakeEngaged(view)).toBe(expected);
  });
});
