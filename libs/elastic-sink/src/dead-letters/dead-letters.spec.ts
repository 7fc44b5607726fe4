import { deadLetterId, type DeadLetter } from './dead-letter.js';
import { planRefused, planResolved } from './dead-letter-plan.js';
import { OpenLetters } from './open-letters.js';
import { refusedField } from './refused-field.js';

describe('refusedField', () => {
  it.each([
    ["[1:6] failed to parse field [n] of type [long] in document with id 'a'. Preview of field's value: 'x'", 'n'],
    ["failed to parse field [a.b] of type [date] in document with id 'a'", 'a.b'],
    ['[1:6] object mapping for [o] tried to parse field [o] as object, but found a concrete value', 'o'],
    ['mapper [d] cannot be changed from type [long] to [float]', 'd'],
    ['[1:2] mapping set to strict, dynamic introduction of [b] within [_doc] is not allowed', 'b'],
    ['[1:2] mapping set to strict, dynamic introduction of [b] within [a] is not allowed', 'a.b'],
    ['Document contains at least one immense term in field="k.keyword" (whose UTF8 encoding is longer', 'k.keyword'],
    ["can't merge a non object mapping [a] with an object mapping", 'a'],
    ['[1:8] Field [_id] is a metadata field and cannot be added inside a document.', '_id'],
    ['[1:21] failed to parse: illegal latitude value [152.5] for point', 'point'],
    ['[1:2] failed to parse: field name cannot be an empty string', null],
    ['Limit of total fields [1000] has been exceeded', null],
    // A quoted value must never be taken for a field name.
    ['For input string: "failed to parse field [4111] of type [x]"', null],
    [null, null],
  ])('%s → %s', (reason, field) => {
    expect(refusedField(reason)).toBe(field);
  });
});

const letter = (overrides: Partial<DeadLetter>): DeadLetter =>
  ({
    id: 'dl_1',
    state: 'open',
    version: '5',
    seenCount: 1,
    firstSeenAt: 't1',
    lastSeenAt: 't1',
    body: 'b',
    reason: 'r',
    ...overrides,
  }) as DeadLetter;

describe('planRefused', () => {
  it.each<[string, DeadLetter | undefined, string, Partial<DeadLetter> | null]>([
    ['the first refusal', undefined, '5', { seenCount: 1, firstSeenAt: 't2' }],
    ['a newer one', letter({ version: '4' }), '5', { version: '5', seenCount: 2, firstSeenAt: 't1' }],
    ['the same again', letter({ version: '5' }), '5', { version: '5', seenCount: 2 }],
    ['an older one', letter({ version: '6' }), '5', null],
    ['versions as numbers, not as text', letter({ version: '9' }), '10', { version: '10' }],
    [
      'one after it was resolved',
      letter({ state: 'resolved', version: '4' }),
      '5',
      { seenCount: 1, firstSeenAt: 't2' },
    ],
    ['the same after it was resolved', letter({ state: 'resolved', version: '5' }), '5', { state: 'open' }],
    ['what was given up', letter({ state: 'discarded', version: '5' }), '5', null],
    ['a newer state of what was given up', letter({ state: 'discarded', version: '5' }), '6', { state: 'open' }],
  ])('stores %s', (_name, stored, version, expected) => {
    const plan = planRefused(stored, letter({ version, firstSeenAt: 't2', lastSeenAt: 't2' }));
    if (expected === null) expect(plan).toBeNull();
    else expect(plan).toMatchObject(expected);
  });
});

describe('planResolved', () => {
  it('closes an open one at its version or a newer one, without content', () => {
    expect(planResolved(letter({}), 5n, 'now')).toMatchObject({
      state: 'resolved',
      body: null,
      reason: null,
      closedAt: 'now',
    });
    expect(planResolved(letter({}), 6n, 'now')).toMatchObject({ state: 'resolved' });
  });

  it('leaves newer refusals and closed ones', () => {
    expect(planResolved(letter({}), 4n, 'now')).toBeNull();
    expect(planResolved(letter({ state: 'discarded' }), 6n, 'now')).toBeNull();
    expect(planResolved(undefined, 6n, 'now')).toBeNull();
  });
});

it('deadLetterId tells documents, generations and namespaces apart', () => {
  const key = { connectorId: 'c', namespace: 'a.b', generation: 1, documentId: 'x' };
  const ids = [key, { ...key, documentId: 'y' }, { ...key, generation: 2 }, { ...key, namespace: 'a.c' }].map(
    deadLetterId,
  );
  expect(new Set(ids).size).toBe(4);
  expect(deadLetterId({ ...key })).toBe(ids[0]);
});

it('OpenLetters is bounded and then suspects every document', () => {
  const open = new OpenLetters(2);
  expect(open.isEmpty).toBe(true);
  open.add('a');
  open.add('b');
  expect([open.mayHave('a'), open.mayHave('z')]).toEqual([true, false]);
  open.add('a');
  expect(open.mayHave('z')).toBe(false);
  open.add('c');
  open.remove('a');
  open.remove('b');
  expect([open.mayHave('z'), open.isEmpty]).toEqual([true, false]);
});
