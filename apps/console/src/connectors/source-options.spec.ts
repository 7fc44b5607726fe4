import { DEFAULT_SOURCE_OPTIONS, partitionsProblem, sourceOptionsBody } from './source-options.js';

describe('options of the source', () => {
  it.each(['1', ' 4 ', '32'])('%j partitions are right', (text) => {
    expect(partitionsProblem(text)).toBeUndefined();
  });

  it.each(['', '0', '33', '1.5', '-2', '1e1', 'two', '99999'])('%j partitions are not', (text) => {
    expect(partitionsProblem(text)).toBe('A whole number from 1 to 32.');
  });

  it.each([
    [{}, {}],
    [{ partitions: ' 04 ' }, { partitions: 4 }],
    [{ onDrop: 'empty' }, { onDrop: 'empty' }],
    [{ onHistoryLost: 'resync' }, { onHistoryLost: 'resync' }],
  ] as const)('%j is sent as %j', (change, body) => {
    expect(sourceOptionsBody({ ...DEFAULT_SOURCE_OPTIONS, ...change })).toEqual(body);
  });
});
