import { FieldTally } from './field-tally.js';
import { nextSampleDocs } from './next-sample-docs.js';
import { sampleParts, type SamplePartsInput } from './sample-parts.js';

describe('what is read for a sample', () => {
  const parts = (input: Partial<SamplePartsInput>) =>
    sampleParts({
      collection: 'c',
      hasIdIndex: true,
      query: { filter: null, projection: null },
      documentCount: null,
      ...input,
    });
  const shape = (input: Partial<SamplePartsInput>): string[] =>
    parts(input).map(({ kind, documents }) => `${kind} ${documents}`);

  it.each<[number | null, string[]]>([
    [0, ['all 1000']],
    [1_000, ['all 1000']],
    [1_001, ['first 300', 'anywhere 50', 'last 300']],
    [2_000, ['first 300', 'anywhere 99', 'last 300']],
    [8_020, ['first 300', 'anywhere 400', 'last 300']],
    [100_000_000, ['first 300', 'anywhere 400', 'last 300']],
    [null, ['first 300', 'last 300']],
  ])('of %p documents is %j', (documentCount, expected) => {
    expect(shape({ documentCount })).toEqual(expected);
  });

  it('is a small share of the collection wherever it is drawn from anywhere', () => {
    for (const documentCount of [1_001, 1_020, 1_021, 5_000, 8_019, 8_020, 8_021, 1e9]) {
      const anywhere = parts({ documentCount }).find(({ kind }) => kind === 'anywhere');
      expect(anywhere!.documents).toBeLessThan(documentCount * 0.05);
    }
  });

  it('is bounded in time, and is what the connector reads: filter and fields', () => {
    const query = { filter: { a: 1 }, projection: { _id: 1, a: 1 } };
    const [first, anywhere, last] = parts({ documentCount: 1e6, query });
    const bounds = { maxTimeMS: 1_000, readConcern: { level: 'majority' } };
    const end = { find: 'c', filter: query.filter, projection: query.projection, hint: { _id: 1 }, limit: 300 };
    expect(first!.command).toEqual({ ...end, sort: { _id: 1 }, ...bounds });
    expect(last!.command).toEqual({ ...end, sort: { _id: -1 }, ...bounds });
    expect(anywhere!.command).toEqual({
      aggregate: 'c',
      pipeline: [{ $sample: { size: 400 } }, { $match: query.filter }, { $project: query.projection }],
      ...bounds,
    });
  });

  it('sorts nothing that has no index', () => {
    const [first] = parts({ hasIdIndex: false });
    expect(first!.command).not.toHaveProperty('sort');
    expect(first!.command).not.toHaveProperty('hint');
  });
});

describe('nextSampleDocs', () => {
  it.each<[string, number, number, number]>([
    ['begins with few, they may be large', 0, 0, 20],
    ['asks for all that is left when they are small', 20, 20_000, 280],
    ['asks for what fits', 20, 400_000, 30],
    ['asks for none when they have passed the bytes', 20, 2_000_000, 0],
    ['asks for none when there are enough', 300, 3_000, 0],
    ['is not misled by empty replies', 5, 0, 295],
  ])('%s', (_name, documents, bytes, expected) => {
    expect(nextSampleDocs({ documents: 300, bytes: 1_000_000 }, { documents, bytes })).toBe(expected);
  });

  it('never begins with more than is wanted', () => {
    expect(nextSampleDocs({ documents: 7, bytes: 100 }, { documents: 0, bytes: 0 })).toBe(7);
  });
});

describe('FieldTally', () => {
  it('counts documents by path and type, each document once', () => {
    const tally = new FieldTally();
    tally.add({ id: '1', types: [{ path: 'a', type: 'int' }, { path: 'b', type: 'null' }] }); // prettier-ignore
    tally.add({ id: '2', types: [{ path: 'a', type: 'double' }] });
    tally.add({ id: '1', types: [{ path: 'a', type: 'int' }] });
    tally.add({ id: '3', types: [{ path: 'a', type: 'int' }] });
    expect(tally.documents).toBe(3);
    expect(tally.counts()).toEqual([
      { path: 'a', type: 'int', documents: 2 },
      { path: 'a', type: 'double', documents: 1 },
      { path: 'b', type: 'null', documents: 1 },
    ]);
  });
});
