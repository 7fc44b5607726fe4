import { appendSample, EMPTY_SERIES, SERIES_SECONDS } from './series.js';

const one = (id: string, lagMs: number | null, ratePerSecond: number | null = null) =>
  new Map([[id, { lagMs, ratePerSecond }]]);

describe('series', () => {
  it('keeps all columns equally long, with gaps where a connector was not there', () => {
    let series = appendSample(EMPTY_SERIES, 100, one('a', 5, 1));
    series = appendSample(series, 101, one('b', 7));
    expect(series.times).toEqual([100, 101]);
    expect(series.lagMs.get('a')).toEqual([5, null]);
    expect(series.lagMs.get('b')).toEqual([null, 7]);
    expect(series.ratePerSecond.get('a')).toEqual([1, null]);
  });

  it('drops what is too old, and connectors of which nothing is left', () => {
    let series = appendSample(EMPTY_SERIES, 100, one('gone', 5));
    series = appendSample(series, 101, one('b', 1));
    series = appendSample(series, 100 + SERIES_SECONDS, one('b', 2));
    expect(series.times).toEqual([101, 100 + SERIES_SECONDS]);
    expect([...series.lagMs.keys()]).toEqual(['b']);
    expect(series.lagMs.get('b')).toEqual([1, 2]);
  });

  it('starts anew after a long pause', () => {
    const series = appendSample(appendSample(EMPTY_SERIES, 100, one('a', 5)), 100_000, one('a', 6));
    expect(series.times).toEqual([100_000]);
    expect(series.lagMs.get('a')).toEqual([6]);
  });
});
