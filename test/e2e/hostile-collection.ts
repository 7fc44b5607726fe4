import { Decimal128 } from 'mongodb';
import { raw, type RawElement, type RawValue } from '../../libs/mongo-source/src/transcode/bson-bytes.fixture.js';

/** What is hostile about a document; tests ask for the losses among the documents of one kind. */
export type Hostility =
  | 'type'
  | 'name'
  | 'size'
  | 'depth'
  | 'array'
  | 'id'
  | 'NaN'
  | 'date'
  | 'binary, Timestamp or Regex'
  | 'Decimal128'
  | 'a field named id'
  | 'conflict';

export interface HostileDocument {
  readonly hostility: Hostility;
  readonly id: RawValue;
  readonly elements: readonly RawElement[];
}

const yes = raw.bool(true);
const decimal = (text: string): RawValue => raw.decimal(Decimal128.fromString(text).bytes);
const bytes = (...list: number[]): Buffer => Buffer.from(list);
const oid = Buffer.from('507f1f77bcf86cd799439011', 'hex');
const uuid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const MIB = 1_024 * 1_024;

/** One value of every type and of every limit of a type, under a field of its own. */
const VALUES: readonly (readonly [hostility: Hostility, field: string, value: RawValue])[] = [
  ['NaN', 'nan', raw.double(NaN)],
  ['NaN', 'infinity', raw.double(Infinity)],
  ['NaN', 'negativeInfinity', raw.double(-Infinity)],
  ['type', 'negativeZero', raw.double(-0)],
  ['type', 'smallest', raw.double(5e-324)],
  ['type', 'largest', raw.double(1.7976931348623157e308)],
  ['type', 'int32', raw.int32(-2_147_483_648)],
  ['type', 'int64Largest', raw.int64(2n ** 63n - 1n)],
  ['type', 'int64Smallest', raw.int64(-(2n ** 63n))],
  ['type', 'int64Odd', raw.int64(2n ** 53n + 1n)],
  ['Decimal128', 'price', decimal('12.50')],
  ['Decimal128', 'digits', decimal('1234567890123456789012345678901234')],
  ['Decimal128', 'decimalLargest', decimal('9.999999999999999999999999999999999E+6144')],
  ['Decimal128', 'decimalSmallest', decimal('1E-6176')],
  ['Decimal128', 'decimalNaN', decimal('NaN')],
  ['Decimal128', 'decimalInfinity', decimal('-Infinity')],
  ['Decimal128', 'decimalZero', decimal('-0E+3')],
  ['date', 'date10000', raw.date(253_402_300_800_000n)],
  ['date', 'date9999', raw.date(253_402_300_799_999n)],
  ['date', 'dateMinus1', raw.date(-62_198_755_200_000n)],
  ['date', 'date0', raw.date(-62_167_219_200_000n)],
  ['date', 'dateLargest', raw.date(2n ** 63n - 1n)],
  ['date', 'dateSmallest', raw.date(-(2n ** 63n))],
  ['date', 'dateBeyondJs', raw.date(8_640_000_000_000_001n)],
  ['type', 'notUtf8', raw.string(bytes(0x61, 0xff, 0xc3, 0x28, 0x62))],
  ['type', 'surrogate', raw.string(bytes(0xed, 0xa0, 0x80))],
  ['type', 'controls', raw.string('\0\u0001\u001f"\\\u007f\u2028\ud83d\ude00')],
  ['type', 'dateLike', raw.string('2024-01-01')],
  ['type', 'empty', raw.string('')],
  ['type', 'symbol', raw.symbol('sym')],
  ['type', 'null', raw.null],
  ['type', 'undefined', raw.undefined],
  ['type', 'undefinedInArray', raw.array([raw.undefined, raw.null])],
  ['type', 'minKey', raw.minKey],
  ['type', 'maxKey', raw.maxKey],
  ['type', 'objectId', raw.objectId(oid)],
  ['type', 'dbPointer', raw.dbPointer('shop.orders', oid)],
  ['type', 'dbRef', raw.document([['$ref', raw.string('orders')], ['$id', raw.int32(1)], ['$db', raw.string('shop')]])],
  ['type', 'dbRefLike', raw.document([['$id', raw.int32(1)], ['$ref', raw.string('orders')]])],
  ['type', 'code', raw.code('function () { return 1; }')],
  ['type', 'codeWithScope', raw.codeWithScope('x', [['x', raw.int32(1)]])],
  ['type', 'geo', raw.document([['type', raw.string('Polygon')], ['coordinates', raw.array([raw.array([])])]])],
  ['binary, Timestamp or Regex', 'timestamp', raw.timestamp(4_294_967_295, 4_294_967_295)],
  ['binary, Timestamp or Regex', 'regex', raw.regex('^a', 'i')],
  ['binary, Timestamp or Regex', 'regexOfNobody', raw.regex('(?<a[', 'imsx')],
  ['binary, Timestamp or Regex', 'uuid', raw.binary(4, uuid)],
  ['binary, Timestamp or Regex', 'uuidOfOtherSize', raw.binary(4, bytes(1, 2))],
  ...[0, 1, 2, 3, 5, 6, 7, 8, 9, 128, 255].map(
    (subtype) => ['binary, Timestamp or Regex', `binary${subtype}`, raw.binary(subtype, bytes(1, 2, 255))] as const,
  ),
]; // prettier-ignore

/** Pairs that are easily taken for one another, and every other kind of `_id`. */
const IDS: readonly RawValue[] = [
  raw.int32(1), raw.string('1'),
  raw.objectId(oid), raw.string('507f1f77bcf86cd799439011'),
  raw.binary(4, uuid), raw.string('00112233-4455-6677-8899-aabbccddeeff'), raw.binary(3, uuid), raw.binary(0, uuid),
  raw.date(0n), raw.string('1970-01-01T00:00:00.000Z'), raw.int64(-1n), raw.string('-1'),
  raw.document([['a', raw.int32(1)], ['b', raw.int32(2)]]), raw.document([['b', raw.int32(2)], ['a', raw.int32(1)]]),
  raw.document([]), raw.string('{}'), raw.string('{"$number":"1"}'), raw.string('"1"'), raw.string('"'),
  raw.bool(true), raw.string('true'), raw.bool(false), raw.null, raw.string('null'), raw.string(''),
  raw.int32(0), raw.string('0'), raw.double(0.5), decimal('0.1'), raw.double(0.1), raw.string('0.1'),
  raw.double(NaN), raw.double(Infinity), raw.double(-Infinity), raw.string('NaN'),
  raw.int64(2n ** 63n - 1n), raw.int64(2n ** 53n + 1n), raw.int64(2n ** 53n), raw.double(1e300), decimal('1E-6176'),
  decimal('9.999999999999999999999999999999999E+6144'), raw.date(253_402_300_800_000n), raw.date(2n ** 63n - 1n),
  raw.string('x'.repeat(512)), raw.string('x'.repeat(513)), raw.string('x'.repeat(514)), raw.string('ü'.repeat(300)),
  raw.document([['long', raw.string('y'.repeat(600))]]), raw.string(bytes(0xff)), raw.string(bytes(0xfe)),
  raw.string('\ufffd'), raw.string('a\0b'), raw.string('a/b?c#d%2F é'), raw.string('_bulk'), raw.string('..'),
  raw.minKey, raw.maxKey, raw.timestamp(1, 2), raw.code('f'), raw.codeWithScope('f', []), raw.string('f'),
  raw.dbPointer('a.b', oid), raw.binary(128, bytes(1)), raw.binary(0, bytes(1)), raw.binary(0, bytes()),
  raw.document([['a', raw.array([raw.null, raw.undefined])]]), raw.document([['a', raw.regex('x', 'i')]]),
  raw.document([['1', raw.int32(1)], ['0', raw.int32(2)]]), raw.document([['0', raw.int32(2)], ['1', raw.int32(1)]]),
  raw.document([['a', raw.int32(1)], ['a', raw.int32(2)]]), raw.document([['a', raw.int32(2)], ['a', raw.int32(1)]]),
]; // prettier-ignore

const nested = (levels: number): RawValue => {
  let value: RawValue = raw.document([['end', raw.int64(2n ** 60n)]]);
  for (let i = 1; i < levels; i += 1) value = raw.document([['o', value]]);
  return value;
};
const inArrays = (levels: number): RawValue => {
  let value: RawValue = raw.string('end');
  for (let i = 0; i < levels; i += 1) value = raw.array([value]);
  return value;
};

/** Names inside an object, which is under a name of its own; the last ones stand at the top of a document. */
const NAMES: readonly (readonly string[])[] = [
  ['a.b', 'a.c'], ['a.', '.a', 'a..b', '.', '..'], ['', ' ', '\t', 'a. .b'], ['%', '%2E', '100%', '%25'],
  ['$set', '$where', '$'], ['__proto__', 'constructor', 'toString', 'hasOwnProperty'], ['10', '9', '1', '-1'],
  ['a"b', 'a\\b', 'a\nb', '\u0001', 'ä', '\ud83d\ude00'], ['*', 'a*', '?', '#', '/'],
]; // prettier-ignore
const RESERVED = [
  '_source',
  '_index',
  '_routing',
  '_ignored',
  '_doc_count',
  '_field_names',
  '_seq_no',
  '_version',
  '_type',
  'field_source',
];

const NAMED: readonly (readonly [field: string, elements: readonly RawElement[]])[] = [
  ['dotsBeside', [['a.b', raw.int32(1)], ['a', raw.document([['b', raw.int32(2)]])]]],
  ['dotsBesideNumber', [['a', raw.int32(1)], ['a.b', raw.int32(2)], ['a.b.c', raw.int32(3)]]],
  ['twice', [['t', raw.int32(1)], ['u', raw.null], ['t', raw.int32(2)]]],
  ['twiceDeep', [['t', raw.document([['x', raw.int32(1)], ['x', raw.int32(2)]])], ['t', raw.document([['x', raw.int32(3)]])]]],
  ['notUtf8Names', [[bytes(0xff), yes], [bytes(0xfe), yes], ['\ufffd', yes]]],
  ['tenKilobytes', [['k'.repeat(10_000), yes]]],
]; // prettier-ignore

const CONFLICTS: readonly (readonly RawElement[])[] = [
  [['mixed', raw.document([['inside', raw.int32(1)]])]],
  [['mixed', raw.array([raw.int32(1), raw.string('two'), raw.document([])])]],
  [['mixed', raw.string('not a number')]],
  [['when', raw.string('no date')]],
  [['where', raw.int32(7)]],
];

/**
 * A collection that has everything wrong at once.
 * @param phase part of every `_id` that is not hostile by itself
 */
export function hostileDocuments(phase: string): HostileDocument[] {
  const documents: HostileDocument[] = [];
  const add = (hostility: Hostility, name: string, elements: readonly RawElement[], id?: RawValue): void => {
    documents.push({ hostility, id: id ?? raw.string(`${phase} ${name}`), elements });
  };
  // `0` sorts first: these fields are what the others conflict with.
  add('type', '0 first', [['mixed', raw.int32(1)], ['when', raw.date(0n)], ['where', raw.document([['lat', raw.double(1)]])]]); // prettier-ignore
  for (const [hostility, field, value] of VALUES) add(hostility, `value ${field}`, [[field, value]]);
  add(
    'type',
    'all values',
    VALUES.map(([, field, value]) => [field, value] as const),
  );
  add('type', 'values inside', [['inside', raw.document(VALUES.map(([, field, value]) => [field, value] as const))]]);
  NAMES.forEach((names, i) => {
    add('name', `names ${i}`, [[`names${i}`, raw.document(names.map((name) => [name, yes] as const))]]);
  });
  for (const [field, elements] of NAMED) add('name', field, [[field, raw.document(elements)]]);
  for (const name of RESERVED) add('name', name, [[name, yes]]);
  add(
    'name',
    'all reserved',
    RESERVED.map((name) => [name, yes] as const),
  );
  add('name', 'prototype', [['__proto__', yes], ['constructor', yes], ['', yes], ['$top', yes]]); // prettier-ignore
  add('name', 'twice at the top', [['top', raw.int32(1)], ['between', yes], ['top', raw.int32(2)]]); // prettier-ignore
  add('name', 'two types under one name', [
    ['two', raw.int32(1)],
    ['two', raw.string('last')],
  ]);
  add('a field named id', 'a field named id', [['id', raw.string('my own')]]);
  for (const levels of [18, 19, 20, 25, 150]) add('depth', `depth ${levels}`, [[`depth${levels}`, nested(levels)]]);
  add('depth', 'arrays', [['deepArrays', inArrays(120)]]);
  add('array', 'arrays of arrays', [['matrix', raw.array([raw.array([raw.int32(1), raw.int32(2)]), raw.array([])])]]);
  add('array', 'integers and doubles', [['numbers', raw.array([raw.int32(1), raw.double(2.5)])]]);
  add('array', 'objects', [['objects', raw.array([raw.document([['a', yes]]), raw.document([]), raw.null])]]);
  add('array', 'empty', [['nothing', raw.array([])], ['nobody', raw.document([])]]); // prettier-ignore
  add('size', '3 MB', [['large', raw.string('word and word '.repeat((3 * MIB) / 14))]]);
  add('size', '3 MB in one word', [['word', raw.string('w'.repeat(3 * MIB))]]);
  add('size', '3 MB binary', [['blob', raw.binary(0, Buffer.alloc(3 * MIB, 7))]]);
  add('size', 'elements', [['many', raw.array(Array.from({ length: 20_000 }, (_, i) => raw.document([['n', raw.int32(i)]])))]]); // prettier-ignore
  add('size', 'a large keyword', [['keyword', decimal('1')], ['longRegex', raw.regex('a'.repeat(40_000), '')]]); // prettier-ignore
  if (phase === 'before') {
    add('size', '15 MB', [['huge', raw.string('word and "word" '.repeat((15 * MIB) / 16))]]);
    IDS.forEach((id, i) => add('id', '', [['ordinal', raw.int32(i)]], id));
  }
  CONFLICTS.forEach((elements, i) => add('conflict', `conflict ${i}`, elements));
  add(
    'size',
    'z 3 000 names',
    Array.from({ length: 3_000 }, (_, i) => [`name${i}`, raw.int32(i)] as const),
  );
  return documents;
}
