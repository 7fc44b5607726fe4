import { seqNoMarks, type ShardStats } from './seq-no-marks.js';

const copy = (primary: boolean, max?: number): ShardStats => ({
  routing: { primary },
  ...(max === undefined ? {} : { seq_no: { max_seq_no: max } }),
});

describe('marks of an index', () => {
  it.each([
    ['one shard', { 0: [copy(true, 7)] }, 1, { 0: 7 }],
    ['an empty shard', { 0: [copy(true, -1)] }, 1, { 0: -1 }],
    ['replicas beside it', { 0: [copy(false, 9), copy(true, 7)], 1: [copy(true, 3), copy(false)] }, 2, { 0: 7, 1: 3 }],
    ['a primary that moves', { 0: [copy(true, 2), copy(true, 7)] }, 1, { 0: 7 }],
    ['a primary that has begun to move', { 0: [copy(true), copy(true, 7)] }, 1, { 0: 7 }],
  ])('are those of %s', (_name, shards, count, marks) => {
    expect(seqNoMarks(shards, count)).toEqual(marks);
  });

  it.each([
    ['is unassigned, and not listed', { 0: [copy(true, 7)] }],
    ['has replicas alone', { 0: [copy(true, 7)], 1: [copy(false, 7)] }],
    ['has a primary that does not answer', { 0: [copy(true, 7)], 1: [copy(true)] }],
  ])('are refused while a shard %s', (_name, shards) => {
    const marks = (): unknown => seqNoMarks(shards, 2);
    expect(marks).toThrow(expect.objectContaining({ code: 'SINK_REQUEST_FAILED' }));
  });

  it('are refused when nobody knows how many there are to be', () => {
    expect(() => seqNoMarks({ 0: [copy(true, 7)] }, NaN)).toThrow();
  });
});
