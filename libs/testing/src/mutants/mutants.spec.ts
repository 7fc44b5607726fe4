import { explainedMutants } from './explained-mutants.js';
import { mutated, mutationsOf } from './mutations.js';
import { patternMutants } from './pattern-mutants.js';
import { QuestionOrder } from './question-order.js';

const mutants = (source: string) => mutationsOf(source).map((mutation) => mutated(source, mutation));

describe('mutationsOf', () => {
  it.each([
    ['const a = b < c;', ['const a = b <= c;', 'const a = b >= c;']],
    ['const a = b && c;', ['const a = b || c;']],
    ['const a = 1_000;', ['const a = (1001);', 'const a = (999);']],
    ['const a = 5n;', ['const a = (6n);', 'const a = (4n);']],
    ['const a = 9_007_199_254_740_992;', ['const a = (9007199254740991);']],
    ["const a = 'x';", ["const a = '';"]],
    ["const a = '';", ["const a = 'mutant';"]],
    ['const a = !b;', ['const a = b;']],
    ['const a = -b;', ['const a = (b);']],
    ['const a = ++b;', ['const a = --b;']],
    ['const a = b++;', ['const a = b--;']],
    ['const a = true;', ['const a = false;']],
    ['const a = b ? c : d;', ['const a = true ? c : d;', 'const a = false ? c : d;']],
    ['if (a) b = c;', ['if (true) b = c;', 'if (false) b = c;', 'if (a) ;']],
    ['while (a) f(b);', ['while (false) f(b);', 'while (a) ;']],
    ['const a = Math.max(b, c);', ['const a = Math.min(b, c);']],
    ['const a = /^b$/u;', ['const a = /b$/u;', 'const a = /^b/u;']],
    ['f();', [';']],
  ])('changes %s', (source, expected) => {
    expect(mutants(source)).toEqual(expected);
  });

  it.each([
    ["import { a } from 'b';"],
    ["type A = 'b' | 5;"],
    ['interface A { readonly b: 5 }'],
    ["export * from 'b';"],
    ["const a = { 5: b, 'c': d };"],
    ['const a = <T extends 5>(b: T): T => b;'],
  ])('finds nothing to change in %s', (source) => {
    expect(mutants(source)).toEqual([]);
  });

  it('labels a mutant by its owner and its line, so that other lines may move', () => {
    const source = 'class A {\n  b(c: number) {\n    return c > 1 ? c + 1 : 0;\n  }\n}\n';
    const labels = mutationsOf(source).map(({ label }) => label);
    expect(labels).toContain('b: return c ⟦> → >=⟧ 1 ? c + 1 : 0;');
    expect(mutationsOf(`// more\n${source}`).map(({ label }) => label)).toEqual(labels);
    expect(mutationsOf(source)[0]!.line).toBe(3);
  });

  it('never labels two mutants of a file alike', () => {
    const labels = mutationsOf('function f() {\n  g(1);\n  g(1);\n}\n').map(({ label }) => label);
    expect(new Set(labels).size).toBe(labels.length);
    expect(labels).toContain('f: ⟦g(1); → ;⟧ (2)');
  });
});

describe('patternMutants', () => {
  it.each([
    ['/^a+b{2}$/gu', ['/a+b{2}$/gu', '/^a+b{2}/gu', '/^a*b{2}$/gu', '/^a+b{3}$/gu', '/^a+b{1}$/gu']],
    [String.raw`/a*\+/u`, [String.raw`/a+\+/u`]],
    ['/a/u', []],
  ])('of %s', (literal, expected) => {
    expect(patternMutants(literal)).toEqual(expected);
  });
});

describe('explainedMutants', () => {
  it('reads the labels of each file, whatever is written around them', () => {
    const page = [
      '# Title',
      '',
      '- `no file yet`',
      '',
      '## `a/b.ts`',
      '',
      'A reason.',
      '',
      '- `f: x ⟦+ → -⟧ y`',
      '- ``g: ⟦`t` → ;⟧``',
      '',
      '## `c.ts`',
      '- `` `h` ``',
    ].join('\n');
    expect(explainedMutants(page)).toEqual(
      new Map([
        ['a/b.ts', new Set(['f: x ⟦+ → -⟧ y', 'g: ⟦`t` → ;⟧'])],
        ['c.ts', new Set(['`h`'])],
      ]),
    );
  });

  it('refuses a label that stands there twice', () => {
    expect(() => explainedMutants('## `a.ts`\n- `x`\n- `x`')).toThrow('explained twice: x');
  });
});

describe('QuestionOrder', () => {
  it('begins with the quickest, then with those that found out most for their time', () => {
    const order = new QuestionOrder([100, 1, 10]);
    expect(order.next()).toEqual([1, 2, 0]);
    order.foundOut(2);
    expect(order.next()).toEqual([2, 1, 0]);
    for (let i = 0; i < 100; i++) order.foundOut(0);
    expect(order.next()).toEqual([0, 2, 1]);
  });
});
