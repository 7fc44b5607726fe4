import { nextPageDocs } from './page-size.js';

const MIB = 1024 * 1024;

describe('nextPageDocs', () => {
  it.each<[string, number, number, number, number]>([
    ['grows at most eightfold', 200, 200, 20_000, 1_600],
    ['fits the target', 1_000, 1_000, MIB, 2_000],
    ['shrinks at once', 1_000, 1_000, 8 * MIB, 250],
    ['reads at least one', 10, 10, 150 * MIB, 1],
    ['stays when nothing was read', 500, 0, 60, 500],
    ['has an upper bound', 40_000, 40_000, 4_000_000, 20_971],
    ['is bounded for tiny documents', 40_000, 40_000, 40_000, 50_000],
  ])('%s', (_name, asked, documents, bytes, expected) => {
    expect(nextPageDocs(asked, { documents, bytes })).toBe(expected);
  });
});
