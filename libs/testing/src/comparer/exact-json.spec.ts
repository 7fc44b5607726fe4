import { canonicalText, parseExactJson } from './exact-json.js';

describe('exact JSON', () => {
  it.each([
    ['{"b":1,"a":[1.0,-2,3e5]}', '{"a":[1.0,-2,3e5],"b":1}'],
    [' { "x" : "a\\"b\\u00e9" , "y" : null } ', '{"x":"a\\"bé","y":null}'],
    ['9007199254740993', '9007199254740993'],
    ['[true,false,[],{}]', '[true,false,[],{}]'],
    ['{"__proto__":1}', '{"__proto__":1}'],
  ])('%s → %s', (text, expected) => {
    expect(canonicalText(parseExactJson(text))).toBe(expected);
  });

  it.each(['', '{', '[1,]', '{"a":1,}', '01', '"a', '{"a":1,"a":2}', '1 2', 'nul'])('refuses %p', (text) => {
    expect(() => parseExactJson(text)).toThrow(SyntaxError);
  });

  it('tells 1 and 1.0 apart, and digits that a double cannot hold', () => {
    expect(canonicalText(parseExactJson('1'))).not.toBe(canonicalText(parseExactJson('1.0')));
    expect(canonicalText(parseExactJson('9007199254740993'))).not.toBe(
      canonicalText(parseExactJson('9007199254740992')),
    );
  });
});
