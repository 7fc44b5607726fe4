import { Findings } from './findings.js';
import { InputObject } from './input-object.js';
import { parseFieldOptions } from './parse-field-options.js';

const parse = (fields: unknown) => {
  const findings = new Findings();
  const sink = InputObject.read({ fields }, ['fields'], { pointer: '/sink', findings })!;
  const parsed = parseFieldOptions(sink);
  findings.throwIfAny();
  return parsed;
};

const fieldsOf = (path: string, count = 1) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`${path}${i || ''}`, { strings: 'text' }]));

describe('parseFieldOptions', () => {
  it('keeps what is given', () => {
    const fields = {
      'a.b': { strings: 'none' },
      a: { type: undefined, strings: 'both' },
      'c.d': { type: 'flattened' },
    };
    expect(parse(fields)).toEqual({ 'a.b': { strings: 'none' }, a: { strings: 'both' }, 'c.d': { type: 'flattened' } });
    expect(parse(undefined)).toBeUndefined();
    expect(parse({})).toEqual({});
    expect(Object.keys(parse(fieldsOf('p', 100))!)).toHaveLength(100);
  });

  it('takes names of JavaScript for ordinary paths', () => {
    const parsed = parse(JSON.parse('{"__proto__":{"type":"flattened"},"constructor":{"strings":"text"}}'));
    expect(JSON.stringify(parsed)).toBe('{"__proto__":{"type":"flattened"},"constructor":{"strings":"text"}}');
  });

  it.each([
    [[], '/sink/fields'],
    ['x', '/sink/fields'],
    [fieldsOf('p', 101), '/sink/fields'],
    [{ a: 'text' }, '/sink/fields/a'],
    [{ a: {} }, '/sink/fields/a'],
    [{ a: { strings: 'text', type: 'flattened' } }, '/sink/fields/a'],
    [{ a: { strings: 'words' } }, '/sink/fields/a/strings'],
    [{ a: { type: 'long' } }, '/sink/fields/a/type'],
    [{ a: { strings: 'text', other: 1 } }, '/sink/fields/a/other'],
    [{ '': { strings: 'text' } }, '/sink/fields/'],
    [fieldsOf('a..b'), '/sink/fields/a..b'],
    [fieldsOf('a. '), '/sink/fields/a. '],
    [fieldsOf('a.*'), '/sink/fields/a.*'],
    [fieldsOf('a\0'), '/sink/fields/a\0'],
    [fieldsOf('a/b~.'), '/sink/fields/a~1b~0.'],
    [fieldsOf('a'.repeat(1_001)), `/sink/fields/${'a'.repeat(1_001)}`],
    [fieldsOf(Array.from({ length: 21 }, () => 'a').join('.')), expect.any(String)],
    [{ a: { type: 'flattened' }, 'a.b': { strings: 'text' } }, '/sink/fields/a.b'],
  ])('%j is refused at %s', (fields, pointer) => {
    expect(() => parse(fields)).toThrow(
      expect.objectContaining({ fields: [expect.objectContaining({ pointer })] as unknown }),
    );
  });
});
