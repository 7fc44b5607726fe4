import { filterQuery, isNarrowed, OPEN_LETTERS, selectionOf } from './letter-filter.js';

describe('filter of dead letters', () => {
  it('asks for open ones and nothing else by default', () => {
    expect(filterQuery(OPEN_LETTERS)).toBe('state=open');
    expect(selectionOf(OPEN_LETTERS)).toEqual({});
    expect(isNarrowed(OPEN_LETTERS)).toBe(false);
  });

  it('escapes what it asks for, and keeps the state out of what an action is for', () => {
    const filter = { state: 'resolved', errorType: 'a&b', field: 'lines.größe' } as const;
    const query = new URLSearchParams(filterQuery(filter, { pageSize: '50' }));
    expect(Object.fromEntries(query)).toEqual({ ...filter, pageSize: '50' });
    expect(selectionOf(filter)).toEqual({ errorType: 'a&b', field: 'lines.größe' });
    expect(isNarrowed(filter)).toBe(true);
  });
});
