import { readableBody } from './readable-body.js';

describe('body of a refused document', () => {
  it('has a member a line, and every value as it was', () => {
    const json = '{"a":12345678901234567890,"b":{"c":[1,{}],"d":[]},"e":"x,{\\"y\\":1}"}';
    expect(readableBody(json)).toBe(
      [
        '{',
        '  "a": 12345678901234567890,',
        '  "b": {',
        '    "c": [',
        '      1,',
        '      {}',
        '    ],',
        '    "d": []',
        '  },',
        '  "e": "x,{\\"y\\":1}"',
        '}',
      ].join('\n'),
    );
  });

  it('is cut where it is very long', () => {
    const text = readableBody(JSON.stringify({ text: 'x'.repeat(100_000) }));
    expect(text.endsWith(' …')).toBe(true);
    expect(text.length).toBeLessThan(21_000);
  });
});
