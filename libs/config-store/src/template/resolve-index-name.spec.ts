import { LockstepError } from '@lockstep/core';
import fc from 'fast-check';
import { matchesCollection } from './collection-patterns.js';
import { indexNameProblem, isStateIndexName } from './index-name.js';
import { resolveIndexName } from './resolve-index-name.js';

const resolve = (template: string, collection: string, database = 'shop'): string | null => {
  try {
    return resolveIndexName(template, database, collection);
  } catch (error) {
    if (error instanceof LockstepError && error.code === 'SINK_TARGET_INVALID') return null;
    throw error;
  }
};

describe('resolveIndexName', () => {
  it.each([
    ['{database}.{collection}', 'orders', 'shop.orders'],
    ['{collection}', 'orders', 'orders'],
    ['orders', 'anything', 'orders'],
    ['x-{collection}-{collection}', 'a', 'x-a-a'],
    ['{collection}', 'Orders', '~4frders'],
    ['{collection}', 'a~b', 'a~7eb'],
    ['{collection}', '_internal', '~5finternal'],
    ['{collection}', '-a-', '~2da-'],
    ['{collection}', '.a', '~2ea'],
    ['x{collection}', '_a', 'x_a'],
    ['{collection}', 'a b/c', 'a~20b~2fc'],
    ['{collection}', 'é', '~c3~a9'],
    ['{collection}', 'a+b', 'a~2bb'],
  ])('%s with %j gives %s', (template, collection, expected) => {
    expect(resolve(template, collection)).toBe(expected);
  });

  it.each([
    '',
    'Orders',
    '_orders',
    '-orders',
    '+orders',
    '.orders',
    '..',
    'a b',
    'a/b',
    'a\\b',
    'a*',
    'a?',
    'a,b',
    'a#b',
    'a:b',
    '"a"',
    '<a-{now}>',
    'a|b',
    'É',
    '{db}',
    '{Database}',
    '{}',
    '{ collection }',
    '{collection',
    'collection}',
    '{{collection}}',
    'a\u0000',
  ])('refuses the template %j', (template) => {
    expect(resolve(template, 'orders')).toBeNull();
  });

  it('refuses names that leave no room for suffixes', () => {
    expect(resolve('{collection}', 'a'.repeat(224))).toHaveLength(224);
    expect(resolve('{collection}', 'a'.repeat(225))).toBeNull();
    expect(resolve('{collection}', 'A'.repeat(100))).toBeNull();
  });

  const name = fc
    .string({ minLength: 1, maxLength: 12, unit: 'binary' })
    .filter((text) => Buffer.from(text).toString() === text);
  const nearName = fc.string({
    minLength: 1,
    maxLength: 5,
    unit: fc.constantFrom('a', 'A', '~', '4', '1', '_', '.', '-'),
  });
  const anyName = fc.oneof(name, nearName);
  const template = fc.constantFrom(
    '{collection}',
    '{database}.{collection}',
    'a{collection}',
    '{collection}{collection}',
    '{collection}~41',
  );

  it('never resolves two collections of a database to one index', () => {
    fc.assert(
      fc.property(template, anyName, anyName, (text, a, b) => {
        fc.pre(a !== b);
        const resolved = resolve(text, a);
        fc.pre(resolved !== null);
        expect(resolved).not.toBe(resolve(text, b));
      }),
      { numRuns: 3_000 },
    );
  });

  it('never resolves two namespaces to one index by the usual template: databases have no dots', () => {
    const database = anyName.filter((text) => !text.includes('.'));
    fc.assert(
      fc.property(database, anyName, database, anyName, (db1, c1, db2, c2) => {
        fc.pre(db1 !== db2 || c1 !== c2);
        const resolved = resolve('{database}.{collection}', c1, db1);
        fc.pre(resolved !== null);
        expect(resolved).not.toBe(resolve('{database}.{collection}', c2, db2));
      }),
      { numRuns: 3_000 },
    );
  });

  it('gives names that Elasticsearch takes', () => {
    fc.assert(
      fc.property(template, anyName, (text, collection) => {
        const resolved = resolve(text, collection);
        fc.pre(resolved !== null);
        expect(indexNameProblem(resolved)).toBeNull();
        expect(resolved).toMatch(/^[a-z0-9~][a-z0-9~_.-]*$/);
      }),
    );
  });

  it.each([
    ['lockstep-config', true],
    ['lockstep-x', true],
    ['lockstep', true],
    ['lockstepped', false],
    ['lockstep.orders', false],
  ])('knows %s as one of our own: %s', (index, expected) => {
    expect(isStateIndexName(index, 'lockstep')).toBe(expected);
  });
});

describe('matchesCollection', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'Orders', false],
    ['cust*', 'customers', true],
    ['cust*', 'cust', true],
    ['*s', 'orders', true],
    ['*', 'a.b', true],
    ['*', 'system.views', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'abc', true],
    ['a*b*c', 'acb', false],
    ['a*a', 'a', false],
    ['a**a', 'aa', true],
    ['*b*', 'abc', true],
    ['*bb*b', 'abb', false],
    ['a.c', 'abc', false],
  ])('%s takes %s: %s', (pattern, collection, expected) => {
    expect(matchesCollection(['nothing', pattern], collection)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const text = (unit: string): fc.Arbitrary<string> => fc.string({ maxLength: 8, unit: fc.constantFrom(...unit) });
    fc.assert(
      fc.property(text('ab*'), text('ab'), (pattern, collection) => {
        expect(matchesCollection([pattern], collection)).toBe(
          new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(collection),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('stays fast with hostile patterns', () => {
    const started = performance.now();
    expect(matchesCollection([`${'*a'.repeat(120)}*b`], 'a'.repeat(255))).toBe(false);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
