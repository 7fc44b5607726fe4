import { latestMarks } from './latest-marks.js';

describe('marks of several partitions', () => {
  it.each([
    ['one alone', [{ 0: 5, 1: -1 }], { 0: 5, 1: -1 }],
    [
      'the later one of each shard',
      [
        { 0: 5, 1: 9 },
        { 0: 7, 1: 2 },
      ],
      { 0: 7, 1: 9 },
    ],
    ['a shard that only one has seen', [{ 0: 5 }, { 0: 4, 1: 3 }], { 0: 5, 1: 3 }],
    ['everything, when nobody marked', [null], null],
    ['everything, when one did not mark', [{ 0: 5 }, null], null],
  ])('%s', (_what, all, latest) => {
    expect(latestMarks(all)).toEqual(latest);
  });
});
