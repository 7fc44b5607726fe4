import { chartLines, lastKnown, MAX_LINES } from './chart-data.js';

describe('chart lines', () => {
  it('names lines and orders them by name', () => {
    const columns = new Map([
      ['2', [1, 9]],
      ['1', [1, 3]],
      ['0', [null, null]],
    ]);
    expect(chartLines(columns, (id) => `c${id}`)).toEqual([
      { label: 'c1', values: [1, 3] },
      { label: 'c2', values: [1, 9] },
    ]);
  });

  it('keeps the highest when there are too many', () => {
    const columns = new Map(Array.from({ length: MAX_LINES + 3 }, (_, i) => [`c${i}`, [i]] as const));
    const labels = chartLines(columns, (id) => id).map((line) => line.label);
    expect(labels).toHaveLength(MAX_LINES);
    expect(labels).not.toContain('c0');
    expect(labels).toContain(`c${MAX_LINES + 2}`);
  });

  it('looks back over gaps for the last known value', () => {
    expect(lastKnown([1, 2, null])).toBe(2);
    expect(lastKnown([null])).toBeNull();
  });
});
