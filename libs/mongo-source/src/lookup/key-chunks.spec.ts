import { keyChunks } from './key-chunks.js';

const key = (id: string, size = 17) => ({ id, element: Buffer.alloc(size) });

describe('keyChunks', () => {
  it('has no chunk for no key', () => expect(keyChunks([])).toEqual([]));

  it('leaves out a key that occurs again', () => {
    expect(keyChunks([key('a'), key('b'), key('a')]).map((chunk) => chunk.map(({ id }) => id))).toEqual([['a', 'b']]);
  });

  it('splits by count and by bytes', () => {
    expect(keyChunks(Array.from({ length: 4_001 }, (_, n) => key(`${n}`))).map((chunk) => chunk.length)).toEqual([
      2_000, 2_000, 1,
    ]);
    const large = Array.from({ length: 5 }, (_, n) => key(`${n}`, 3 * 1024 * 1024));
    expect(keyChunks(large).map((chunk) => chunk.length)).toEqual([2, 2, 1]);
    expect(keyChunks([key('x', 15 * 1024 * 1024)])).toHaveLength(1);
  });
});
