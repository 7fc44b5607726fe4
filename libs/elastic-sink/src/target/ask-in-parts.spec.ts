import { requestLines } from './ask-in-parts.js';

describe('names in request lines', () => {
  it('stay together as long as they fit', () => {
    expect(requestLines(['a', 'b', 'c'])).toEqual([['a', 'b', 'c']]);
    expect(requestLines([])).toEqual([]);
  });

  it('are never more than a request line takes, none lost, in their order', () => {
    const names = Array.from({ length: 100 }, (_, i) => `${i}-${'ü'.repeat(i)}`);
    const lines = requestLines(names);
    expect(lines.flat()).toEqual(names);
    for (const line of lines) expect(encodeURIComponent(line.join()).length).toBeLessThan(4_000);
    expect(lines.length).toBeLessThan(names.length / 3);
  });
});
