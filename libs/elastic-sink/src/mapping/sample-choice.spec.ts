import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { BsonTypeName, ConflictPolicy, FieldTypeCount } from '@lockstep/contracts';
import { choicesOfSample, type FieldChoice } from './sample-choice.js';
import { MappingRules } from './mapping-rules.js';

const POLICIES: readonly ConflictPolicy[] = ['deadLetter', 'ignoreMalformed', 'string'];

type Counted = readonly [type: BsonTypeName, documents: number];

const sampleOf = (path: string, ...counts: readonly Counted[]): FieldTypeCount[] =>
  counts.map(([type, documents]) => ({ path, type, documents }));
const choose = (counts: readonly Counted[], conflicts: ConflictPolicy): FieldChoice | undefined =>
  choicesOfSample(sampleOf('a', ...counts), conflicts).get('a');

/** What the page calls a choice. */
function nameOf(choice: FieldChoice | undefined): string {
  if (choice === undefined) return '–';
  if (choice === 'anything') return 'not searchable';
  const mapping = new MappingRules({}).mappingFor({ path: 'a', type: choice });
  return mapping === null ? choice : `\`${String(mapping.type)}\``;
}

describe('the choice between the kinds of a sample', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/documents.md'), 'utf8');
  const rows = [...page.matchAll(/^\| (`\w+` \d+(?:, `\w+` \d+)+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gmu)];
  const countsOf = (text: string): Counted[] =>
    [...text.matchAll(/`(\w+)` (\d+)/gu)].map(([, type, documents]) => [type as BsonTypeName, Number(documents)]);

  it.each(rows.map(([, sample, ...choices]) => [sample!, choices]))('docs/documents.md: %s', (sample, choices) => {
    expect(POLICIES.map((conflicts) => nameOf(choose(countsOf(sample), conflicts)))).toEqual(choices);
  });

  it('is shown by the page for families, conflicts and objects', () => {
    expect(rows.length).toBeGreaterThanOrEqual(14);
  });

  it.each<[Counted[], FieldChoice | undefined]>([
    [[['null', 3], ['array', 5]], undefined],
    [[['array', 5], ['int', 5], ['double', 4]], 'double'],
    [[['timestamp', 2]], 'timestamp'],
    [[['timestamp', 5], ['object', 1]], 'object'],
    [[['dbPointer', 1]], 'object'],
    [[['uuid', 2], ['objectId', 1]], 'uuid'],
    [[['code', 1]], 'code'],
    [[['code', 2], ['symbol', 1]], 'string'],
    [[['bool', 2], ['date', 2]], 'bool'],
    [[['decimal', 2], ['int', 2]], 'double'],
    [[['binary', 1]], 'binary'],
  ])('%j is %s', (counts, expected) => {
    expect(choose(counts, 'deadLetter')).toBe(expected);
  }); // prettier-ignore

  describe('of several fields', () => {
    it('puts those first that most documents have, and what is above before what is below', () => {
      const sample = [
        ...sampleOf('rare', ['int', 1]),
        ...sampleOf('o', ['object', 5]),
        ...sampleOf('o.x', ['int', 5]),
        ...sampleOf('often', ['date', 9]),
      ];
      expect([...choicesOfSample(sample, 'deadLetter')]).toEqual([
        ['often', 'date'],
        ['o', 'object'],
        ['o.x', 'long'],
        ['rare', 'long'],
      ]);
    });

    it('leaves out what is below a value', () => {
      const sample = [
        ...sampleOf('o', ['string', 6], ['object', 5]),
        ...sampleOf('o.x', ['object', 5]),
        ...sampleOf('o.x.y', ['int', 5]),
      ];
      expect([...choicesOfSample(sample, 'deadLetter')]).toEqual([['o', 'string']]);
      expect([...choicesOfSample(sample, 'ignoreMalformed')]).toEqual([['o', 'anything']]);
    });

    it('knows that a dotted name is in an object', () => {
      const sample = [...sampleOf('o.x', ['int', 5], ['bool', 1]), ...sampleOf('o', ['string', 4])];
      expect([...choicesOfSample(sample, 'deadLetter')]).toEqual([
        ['o', 'object'],
        ['o.x', 'long'],
      ]);
      expect(choicesOfSample(sample, 'string').get('o')).toBe('anything');
      expect(choicesOfSample(sample.reverse(), 'deadLetter').get('o')).toBe('object');
    });

    it('takes names of JavaScript for ordinary names', () => {
      const sample = [...sampleOf('__proto__.constructor', ['int', 1]), ...sampleOf('toString', ['date', 1])];
      expect([...choicesOfSample(sample, 'deadLetter').keys()]).toEqual([
        '__proto__',
        '__proto__.constructor',
        'toString',
      ]);
    });
  });
});

describe('the choice, for any sample', () => {
  const VALUES = ['int', 'long', 'double', 'decimal', 'string', 'symbol', 'code', 'objectId', 'uuid', 'regex', 'minKey',
    'maxKey', 'bool', 'date', 'binary'] as const; // prettier-ignore
  const SILENT = ['null', 'array'] as const;
  const OBJECTS = ['object', 'dbPointer', 'timestamp'] as const;
  const countsOf = (...types: readonly BsonTypeName[]): fc.Arbitrary<Counted[]> =>
    fc.uniqueArray(fc.tuple(fc.constantFrom(...types), fc.integer({ min: 1, max: 1_000 })), {
      selector: ([type]) => type,
    });
  const anyCounts = countsOf(...VALUES, ...SILENT, ...OBJECTS);
  const policy = fc.constantFrom(...POLICIES);

  const isOf = (types: readonly string[], choice: string | undefined): boolean => types.includes(choice ?? '');
  /** Documents with values that Elasticsearch takes for sure where the choice is mapped. */
  function taken(choice: FieldChoice | undefined, counts: readonly Counted[]): number {
    const fits = (type: BsonTypeName): boolean => {
      if (choice === 'anything' || isOf(SILENT, type)) return true;
      const mapping = choice === undefined ? null : new MappingRules({}).mappingFor({ path: 'a', type: choice });
      if (mapping === null || choice === 'timestamp') return isOf(OBJECTS, type);
      if (isOf(OBJECTS, type)) return false;
      if (mapping.type === 'text' || mapping.type === 'keyword') return true;
      if (mapping.type === 'double') return isOf(['int', 'long', 'double', 'decimal'], type);
      if (mapping.type === 'long') return isOf(['int', 'long'], type);
      return type === choice;
    };
    return counts.reduce((sum, [type, documents]) => sum + (fits(type) ? documents : 0), 0);
  }
  const total = (counts: readonly Counted[]): number => counts.reduce((sum, [, documents]) => sum + documents, 0);

  it('takes all numbers without cutting a fraction off', () => {
    fc.assert(
      fc.property(countsOf('int', 'long', 'double', 'decimal', 'null', 'array'), policy, (counts, conflicts) => {
        const choice = choose(counts, conflicts);
        if (choice === undefined) return expect(counts.some(([type]) => !isOf(SILENT, type))).toBe(false);
        expect(taken(choice, counts)).toBe(total(counts));
      }),
    );
  });

  it('takes at least as many values as the choice of any one type would', () => {
    fc.assert(
      fc.property(countsOf(...SILENT, 'int', 'double', 'bool', 'date', 'binary', 'object', 'timestamp'), (counts) => {
        const best = Math.max(...counts.map(([type]) => taken(type, counts)), 0);
        expect(taken(choose(counts, 'deadLetter'), counts)).toBeGreaterThanOrEqual(best);
      }),
    );
  });

  it('takes every value under string, and never has an object meet a value under the other policies', () => {
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const values = counts.filter(([type]) => !isOf(SILENT, type));
        fc.pre(values.length > 0);
        expect(taken(choose(counts, 'string'), counts)).toBe(total(counts));
        const isMixed = values.some(([type]) => isOf(OBJECTS, type)) && values.some(([type]) => isOf(VALUES, type));
        if (isMixed) expect(choose(counts, 'ignoreMalformed')).toBe('anything');
      }),
    );
  });

  it('does not depend on the order of what is counted, but for ties', () => {
    fc.assert(
      fc.property(anyCounts, policy, fc.nat(), (counts, conflicts, turn) => {
        // Different powers of three: no two kinds are equally frequent, however they add up.
        const apart = counts.map(([type], i): Counted => [type, 3 ** i]);
        const turned = [...apart.slice(turn % (apart.length + 1)), ...apart.slice(0, turn % (apart.length + 1))];
        expect(nameOf(choose(turned, conflicts))).toBe(nameOf(choose(apart, conflicts)));
      }),
    );
  });
});
