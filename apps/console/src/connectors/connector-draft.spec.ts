import { checkDraft, draftBody, EMPTY_DRAFT, placeDraftProblems, splitCollections } from './connector-draft.js';

const good = {
  ...EMPTY_DRAFT,
  name: ' shop ',
  uri: 'mongodb://u:p@db/',
  database: 'shop',
  collections: 'orders, cust*',
};

describe('connector draft', () => {
  it('splits names at commas and line ends', () => {
    expect(splitCollections(' a, b\n\nc* ,')).toEqual(['a', 'b', 'c*']);
  });

  it.each([
    ['a complete one', {}, []],
    ['no name', { name: ' ' }, ['name']],
    ['another scheme', { uri: 'postgres://x' }, ['uri']],
    ['no host', { uri: 'mongodb://' }, ['uri']],
    ['no collection', { collections: ' , ' }, ['collections']],
    ['no number of partitions', { partitions: '' }, ['partitions']],
    ['a cluster without scheme', { elasticsearchUrl: 'es:9200' }, ['elasticsearchUrl']],
    ['a key without cluster', { elasticsearchApiKey: 'k' }, ['elasticsearchUrl']],
  ])('%s', (_name, change, fields) => {
    expect(Object.keys(checkDraft({ ...good, ...change }))).toEqual(fields);
  });

  it('becomes a request body that holds sealed secrets only', () => {
    const sealed = { uri: { sealed: 'JWE1' }, apiKey: { sealed: 'JWE2' } };
    const body = draftBody({ ...good, elasticsearchUrl: 'https://es:9200', elasticsearchApiKey: 'plain' }, sealed);
    expect(body).toEqual({
      name: 'shop',
      source: { uri: { sealed: 'JWE1' }, database: 'shop', collections: ['orders', 'cust*'] },
      sink: { index: '{database}.{collection}', elasticsearch: { url: 'https://es:9200', apiKey: { sealed: 'JWE2' } } },
    });
    const options = { partitions: '4', onDrop: 'follow', onHistoryLost: 'resync' } as const;
    expect(draftBody({ ...good, ...options }, sealed)).toMatchObject({ source: { ...options, partitions: 4 } });
    expect(draftBody(good, { ...sealed, apiKey: null })).toMatchObject({ sink: { index: '{database}.{collection}' } });
  });

  it('finds the form field of an API field error', () => {
    const problem = (pointer: string) => ({ pointer, message: 'is bad.', code: null });
    const placed = placeDraftProblems([
      problem('/source/uri/sealed'),
      problem('/source/collections/0'),
      problem('/source/collections/1'),
      problem('/source/partitions'),
      problem('/source/onDrop'),
      problem('/source/onHistoryLost'),
      problem('/sink/layout'),
    ]);
    expect(placed.errors).toEqual({
      uri: 'is bad.',
      collections: 'is bad. is bad.',
      partitions: 'is bad.',
      onDrop: 'is bad.',
      onHistoryLost: 'is bad.',
    });
    expect(placed.rest).toEqual([problem('/sink/layout')]);
  });
});
