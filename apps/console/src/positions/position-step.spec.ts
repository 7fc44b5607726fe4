import { readPositionTime, stepWords } from './position-step.js';

const NOW_MS = Date.parse('2026-01-15T12:00:00Z');
const FOLLOWED_TO = '2026-01-15T11:00:00.000Z';

describe('a position that is typed', () => {
  it.each([
    ['2026-01-15T09:30:00Z', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T10:30+01:00', '2026-01-15T09:30:00.000Z'],
    ['2026-01-15T09:30:00.987Z', '2026-01-15T09:30:00.000Z'],
    ['1768469400.5', '2026-01-15T09:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(readPositionTime(text)!).toISOString()).toBe(expected);
  });

  it.each(['', 'soon', '2026-01-15', '2026-01-15T09:30:00', '1768469400', '2026-13-15T09:30:00Z'])(
    '%j cannot be read',
    (text) => {
      expect(readPositionTime(text)).toBeNull();
      expect(stepWords(text, FOLLOWED_TO, NOW_MS)).toBeNull();
    },
  );

  it.each([
    ['2026-01-15T09:30:00Z', FOLLOWED_TO, 'Back by 1 h 30 min.'],
    [' 2026-01-15T11:59:00Z ', FOLLOWED_TO, 'Forward by 59 min.'],
    ['2026-01-15T11:00:00Z', FOLLOWED_TO, 'The second that it stands at.'],
    ['2026-01-15T12:00:01Z', FOLLOWED_TO, 'Forward by 1 h.'],
    ['2026-01-15T12:00:02Z', FOLLOWED_TO, 'This is still to come.'],
    ['2026-01-15T09:30:00Z', null, '2 h 30 min ago.'],
  ])('%j with a position of %j: %s', (text, followedTo, words) => {
    expect(stepWords(text, followedTo, NOW_MS)?.replaceAll('\u00a0', ' ')).toBe(words);
  });
});
