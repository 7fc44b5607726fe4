import { requireAllShards } from './all-shards.js';

describe('an answer of all shards', () => {
  it.each([
    ['all of them', { total: 2, successful: 2, skipped: 0, failed: 0 }],
    ['the only one', { total: 1, successful: 1, failed: 0 }],
    ['none, as the name leads nowhere', { total: 0, successful: 0, failed: 0 }],
  ])('is one of %s', (_name, shards) => {
    expect(() => requireAllShards(shards, 'counting x')).not.toThrow();
  });

  it.each([
    ['one has failed', { total: 2, successful: 1, failed: 1 }],
    ['one is unassigned', { total: 2, successful: 1, failed: 0 }],
    ['one has failed on a copy that nobody else has', { total: 2, successful: 2, failed: 1 }],
    ['it does not say', {}],
    ['there is none', undefined],
  ])('is refused when %s', (_name, shards) => {
    const asking = (): void => requireAllShards(shards, 'counting x');
    expect(asking).toThrow(expect.objectContaining({ code: 'SINK_REQUEST_FAILED' }));
  });
});
