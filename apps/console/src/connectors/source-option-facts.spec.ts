import { sourceOptionFacts } from './source-option-facts.js';

describe('options of a source on the page', () => {
  it('stay with the other settings while they are at their default', () => {
    const options = { filter: { a: 1 }, onDrop: 'keep', onHistoryLost: 'wait', partitions: 1 } as const;
    expect(sourceOptionFacts(options)).toEqual({ facts: [], rest: options });
  });

  it('are told in words where they are set', () => {
    const options = { filter: { a: 1 }, onDrop: 'follow', onHistoryLost: 'resync', partitions: 4 } as const;
    expect(sourceOptionFacts(options)).toEqual({
      facts: [
        { label: 'Partitions', words: '', value: '4' },
        { label: 'Dropped collections', words: 'Follow its name', value: 'follow' },
        { label: 'Lost history', words: 'Resync by itself', value: 'resync' },
      ],
      rest: { filter: { a: 1 } },
    });
  });

  it('of an older API, which has none, are none', () => {
    expect(sourceOptionFacts({})).toEqual({ facts: [], rest: {} });
  });
});
