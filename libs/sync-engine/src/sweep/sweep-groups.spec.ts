import { hashedId } from '@lockstep/contracts';
import { sweepGroups } from './sweep-groups.js';

const hashes = (count: number): string[] =>
  Array.from({ length: count }, (_, n) => hashedId(String(n).padStart(64, '0')));

describe('groups of a sweep', () => {
  it('are the page itself where no id is hashed', () => {
    const page = ['a', '{"$number":"1"}'];
    expect(sweepGroups(page)).toEqual([page]);
    expect(sweepGroups([])).toEqual([[]]);
  });

  it('hold every id once, and few hashed ones each', () => {
    const page = ['a', ...hashes(205), 'b'];
    const groups = sweepGroups(page);
    expect(groups.map(({ length }) => length)).toEqual([2, 100, 100, 5]);
    expect(groups[0]).toEqual(['a', 'b']);
    expect(groups.flat().sort()).toEqual([...page].sort());
    expect(sweepGroups(hashes(3))).toEqual([hashes(3)]);
  });
});
