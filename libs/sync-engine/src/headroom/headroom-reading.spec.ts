import { clusterTime } from '@lockstep/core';
import { headroomReading, isBelieved, lagReading, toldHeadroom } from './headroom-reading.js';

const oplog = (oldest: number, newest: number, fullness = 1) =>
  ({ kind: 'known', oldest: clusterTime(oldest, 0), newest: clusterTime(newest, 3), fullness }) as const;

describe('headroom', () => {
  it.each<[string, ReturnType<typeof oplog>, number, number, [windowMs: number, behindMs: number]]>([
    ['is the whole window for a position of now', oplog(1_000, 4_600), 4_600, 0, [3_600_000, 0]],
    ['is what lies before the position', oplog(1_000, 4_600), 4_000, 0, [3_600_000, 600_000]],
    ['shrinks while the position stands still', oplog(1_000, 4_600), 4_000, 30_000, [3_600_000, 630_000]],
    ['does not shrink by a position younger than the look', oplog(1_000, 4_600), 4_610, 5_000, [3_600_000, 0]],
    ['counts on the space that is not used yet', oplog(1_000, 1_060, 0.1), 1_050, 0, [600_000, 10_000]],
    ['counts on no more than a thousand times what is there', oplog(1_000, 1_060, 0.000_01), 1_060, 0, [60_000_000, 0]],
    ['has a window where all entries are of one second', oplog(1_000, 1_000), 1_000, 0, [1_000, 0]],
  ])('%s', (_, read, positionSeconds, ageMs, [windowMs, behindMs]) => {
    expect(headroomReading(read, clusterTime(positionSeconds, 0), ageMs)).toEqual({ windowMs, behindMs });
  });

  it.each([
    ['in minutes while there is a lot', 3_630_500, 30_200, [3_600_000, 3_600_000]],
    ['in seconds when it gets short', 90_500, 30_200, [60_000, 90_000]],
    ['as nothing when the position is gone', 90_000, 400_000, [0, 90_000]],
  ])('is told %s', (_, windowMs, behindMs, [headroomMs, toldWindowMs]) => {
    expect(toldHeadroom({ windowMs, behindMs })).toEqual({ headroomMs, windowMs: toldWindowMs, unknownCode: null });
  });

  it('is believed for five minutes without another look', () => {
    expect([0, 300_000, 300_001].map(isBelieved)).toEqual([true, true, false]);
  });
});

describe('the lag of a position', () => {
  it.each([
    ['is nothing at the newest', 4_600, 4_600, 0, 0],
    ['is nothing within a second of it', 4_600, 4_599, 0, 0],
    ['is nothing for a position younger than the look', 4_600, 4_610, 5_000, 0],
    ['is what the source is ahead', 4_600, 4_000, 0, 599_000],
    ['grows while nothing is heard', 4_600, 4_600, 700_000, 699_000],
  ])('%s', (_, newestSeconds, positionSeconds, ageMs, lagMs) => {
    expect(lagReading(clusterTime(newestSeconds, 0), clusterTime(positionSeconds, 0), ageMs)).toBe(lagMs);
  });
});
