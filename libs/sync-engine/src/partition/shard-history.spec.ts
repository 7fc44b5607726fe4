import type { ShardHistories } from '@lockstep/contracts';
import { hasOtherHistory } from './shard-history.js';

describe('the shards of an index', () => {
  it.each<[string, ShardHistories, ShardHistories, boolean]>([
    ['are what they were', { 0: 'a', 1: 'b' }, { 0: 'a', 1: 'b' }, false],
    ['are others when one of them is', { 0: 'a', 1: 'b' }, { 0: 'a', 1: 'c' }, true],
    ['say nothing before they are known', {}, { 0: 'a' }, false],
    ['say nothing while they are away', { 0: 'a' }, {}, false],
    ['are judged by those that are there', { 0: 'a', 1: 'b' }, { 1: 'c' }, true],
  ])('%s', (_name, known, now, expected) => {
    expect(hasOtherHistory(known, now)).toBe(expected);
  });
});
