import { clusterTime, formatClusterTime } from '@lockstep/core';
import { positionOf, type PositionInput } from './position-input.js';

const NOW = Date.parse('2026-01-15T09:30:00.000Z');
const SECONDS = NOW / 1_000;
const dataOf = (seconds: number): string => `82${seconds.toString(16).padStart(8, '0')}0000000304`;

describe('a position as a request names it', () => {
  it.each<[string, PositionInput, string]>([
    ['a time', { time: '2026-01-15T09:00:00Z' }, `${SECONDS - 1_800}.0`],
    ['a time with an offset', { time: '2026-01-15T10:00:00+01:00' }, `${SECONDS - 1_800}.0`],
    ['the second that a time is in', { time: '2026-01-15T09:00:00.999Z' }, `${SECONDS - 1_800}.0`],
    ['a cluster time', { time: `${SECONDS - 5}.7` }, `${SECONDS - 5}.7`],
    ['now', { time: '2026-01-15T09:30:00Z' }, `${SECONDS}.0`],
    ['a token', { token: dataOf(SECONDS - 60) }, formatClusterTime(clusterTime(SECONDS - 60, 3))],
  ])('is read from %s', (_, input, h) => {
    const position = positionOf(input, NOW);
    expect(position).toMatchObject({ h, startAfter: false });
    expect(position.token === null).toBe(input.token === undefined);
  });

  it.each<[string, PositionInput]>([
    ['nothing', {}],
    ['both', { time: '2026-01-15T09:00:00Z', token: dataOf(SECONDS) }],
    ['a time without a zone', { time: '2026-01-15T09:00:00' }],
    ['a day that its month does not have', { time: '2025-02-30T09:00:00Z' }],
    ['a date', { time: '2026-01-15' }],
    ['words', { time: 'yesterday' }],
    ['a time to come', { time: '2026-01-15T09:30:02Z' }],
    ['a token to come', { token: dataOf(SECONDS + 60) }],
    ['a time before all history', { time: '1999-01-01T00:00:00Z' }],
    ['what is no token', { token: '8265' }],
  ])('is not read from %s', (_, input) => {
    expect(() => positionOf(input, NOW)).toThrow(expect.objectContaining({ code: 'API_REQUEST_INVALID' }));
  });
});
