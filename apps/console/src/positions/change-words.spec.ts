import { changeWords } from './change-words.js';

describe('a position that was set', () => {
  const change = { connectorId: 'con_1', auditId: 'aud_1', from: null, to: '1768469400.5' };

  it.each([
    [true, 'Changes were left out: a bulk sync in place begins as soon as the connector runs.'],
    [false, 'Changes from there on are applied again when the connector runs.'],
  ])('tells its time, and whether a bulk sync is due (%s)', (isResyncDue, detail) => {
    expect(changeWords('shop', { ...change, isResyncDue })).toEqual(['shop is set to 2026-01-15T09:30:00Z', detail]);
  });
});
