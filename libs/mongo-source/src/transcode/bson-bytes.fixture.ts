import * as fc from 'fast-check';

/** A BSON value made by hand: what the driver's serializer cannot write is here too. */
export interface RawValue {
  readonly type: number;
  readonly bytes: Buffer;
}

export type RawElement = readonly [name: Buffer | string, value: RawValue];

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};
const eight = (write: (bytes: Buffer) => void): Buffer => {
  const bytes = Buffer.alloc(8);
  write(bytes);
  return bytes;
};
const nul = Buffer.from([0]);
const lengthPrefixed = (text: Buffer | string): Buffer => {
  const bytes = Buffer.from(text as string);
  return Buffer.concat([int32(bytes.length + 1), bytes, nul]);
};

/** The bytes of a document. */
export function documentOf(elements: readonly RawElement[]): Buffer {
  const content = Buffer.concat(
    elements.map(([name, value]) =>
      Buffer.concat([Buffer.from([value.type]), Buffer.from(name as string), nul, value.bytes]),
    ),
  );
  return Buffer.concat([int32(content.length + 5), content, nul]);
}

/** Values of every BSON type. */
export const raw = {
  double: (value: number): RawValue => ({ type: 0x01, bytes: eight((b) => b.writeDoubleLE(value)) }),
  string: (text: Buffer | string): RawValue => ({ type: 0x02, bytes: lengthPrefixed(text) }),
  document: (elements: readonly RawElement[]): RawValue => ({ type: 0x03, bytes: documentOf(elements) }),
  array: (values: readonly RawValue[]): RawValue => ({
    type: 0x04,
    bytes: documentOf(values.map((value, i) => [String(i), value] as const)),
  }),
  binary: (subtype: number, bytes: Buffer): RawValue => ({
    type: 0x05,
    bytes: Buffer.concat([int32(bytes.length), Buffer.from([subtype]), bytes]),
  }),
  undefined: { type: 0x06, bytes: Buffer.alloc(0) } as RawValue,
  objectId: (bytes: Buffer): RawValue => ({ type: 0x07, bytes }),
  bool: (value: boolean): RawValue => ({ type: 0x08, bytes: Buffer.from([value ? 1 : 0]) }),
  date: (ms: bigint): RawValue => ({ type: 0x09, bytes: eight((b) => b.writeBigInt64LE(ms)) }),
  null: { type: 0x0a, bytes: Buffer.alloc(0) } as RawValue,
  regex: (pattern: string, options: string): RawValue => ({
    type: 0x0b,
    bytes: Buffer.from(`${pattern}\0${options}\0`),
  }),
  dbPointer: (name: string, id: Buffer): RawValue => ({ type: 0x0c, bytes: Buffer.concat([lengthPrefixed(name), id]) }),
  code: (text: string): RawValue => ({ type: 0x0d, bytes: lengthPrefixed(text) }),
  symbol: (text: Buffer | string): RawValue => ({ type: 0x0e, bytes: lengthPrefixed(text) }),
  codeWithScope: (text: string, scope: readonly RawElement[]): RawValue => {
    const content = Buffer.concat([lengthPrefixed(text), documentOf(scope)]);
    return { type: 0x0f, bytes: Buffer.concat([int32(content.length + 4), content]) };
  },
  int32: (value: number): RawValue => ({ type: 0x10, bytes: int32(value) }),
  timestamp: (seconds: number, ordinal: number): RawValue => ({
    type: 0x11,
    bytes: eight((b) => {
      b.writeUInt32LE(ordinal, 0);
      b.writeUInt32LE(seconds, 4);
    }),
  }),
  int64: (value: bigint): RawValue => ({ type: 0x12, bytes: eight((b) => b.writeBigInt64LE(value)) }),
  decimal: (bytes: Uint8Array): RawValue => ({ type: 0x13, bytes: Buffer.from(bytes) }),
  minKey: { type: 0xff, bytes: Buffer.alloc(0) } as RawValue,
  maxKey: { type: 0x7f, bytes: Buffer.alloc(0) } as RawValue,
};

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length }).map((b) => Buffer.from(b));
const int64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.constantFrom(2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 10n ** 18n, 2n ** 32n),
);
const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', '\u007f', 'é', '😀', '\0'), maxLength: 30 }),
);
const textBytes = fc.oneof(
  { weight: 8, arbitrary: text.map((t) => Buffer.from(t)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((b) => Buffer.from(b)) },
);
const cstring = text.map((t) => t.replaceAll('\0', ''));
const date = fc.oneof(
  fc.bigInt({ min: -62_167_219_200_000n, max: 253_402_300_799_999n }),
  fc.constantFrom(0n, -1n, -62_167_219_200_000n, -62_167_219_200_001n, 253_402_300_799_999n, 253_402_300_800_000n),
  int64,
);
const double = fc.oneof(
  fc.double(),
  fc.integer().map((n) => n / 100),
  fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((n) => n / 1e6),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 1e-7, 1e-6, 123456789.123456, 2 ** 53, 2 ** 53 + 2, NaN, Infinity, -Infinity),
);

/** Names that are something special somewhere, and any others. */
const names = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    'd',
    'name',
    'items',
    'a.b',
    'a.c',
    'a.b.c',
    'x.y',
    'field_source',
    '_source',
    '_id',
    '_type',
  ),
  fc.constantFrom(
    '',
    '.',
    '..',
    '.a',
    'a.',
    'a..b',
    ' ',
    '  ',
    'a. .b',
    '%',
    '%2E',
    'a%2Eb',
    '%25',
    '100%',
    '$set',
    '_source.x',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '10',
    '9',
    '$ref',
    '$id',
    '$db',
    'ref',
    'a"b',
    'a\\b',
    '\u0001',
    'ä',
    '�',
  ),
  cstring,
);
const nameBytes: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 12, arbitrary: names.map((n) => Buffer.from(n)) },
  { weight: 1, arbitrary: fc.uint8Array({ min: 1, maxLength: 3 }).map((b) => Buffer.from(b)) },
);

/** A short name that repeats often, so that documents have shapes in common. */
const plainName = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'long name of a field').map((n) => Buffer.from(n));

const scalar = fc.oneof(
  double.map(raw.double),
  textBytes.map(raw.string),
  fc.integer().map(raw.int32),
  int64.map(raw.int64),
  date.map(raw.date),
  fc.boolean().map(raw.bool),
  bytesOf(12).map(raw.objectId),
  fc.constantFrom(raw.null, raw.undefined, raw.minKey, raw.maxKey),
  fc
    .tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 8, 9, 128), fc.uint8Array({ maxLength: 20 }))
    .map(([s, b]) => raw.binary(s, Buffer.from(b))),
  fc.tuple(fc.constantFrom(3, 4), bytesOf(16)).map(([s, b]) => raw.binary(s, b)),
  fc.tuple(cstring, fc.constantFrom('', 'i', 'ims')).map(([p, o]) => raw.regex(p, o)),
  fc.tuple(text, bytesOf(12)).map(([n, id]) => raw.dbPointer(n, id)),
  text.map(raw.code),
  textBytes.map(raw.symbol),
  fc.tuple(fc.nat(), fc.nat()).map(([s, i]) => raw.timestamp(s, i)),
  bytesOf(16).map(raw.decimal),
  decimalBytes().map(raw.decimal),
);

/** Decimals near those that people store: few digits, small exponents. */
function decimalBytes(): fc.Arbitrary<Buffer> {
  const exponent = fc.oneof(fc.integer({ min: -8, max: 4 }), fc.integer({ min: -6176, max: 6111 }));
  const coefficient = fc.oneof(fc.bigInt({ min: 0n, max: 100_000n }), fc.bigInt({ min: 0n, max: 10n ** 34n + 5n }));
  return fc.tuple(fc.boolean(), coefficient, exponent).map(([isNegative, c, e]) => {
    const bytes = Buffer.alloc(16);
    bytes.writeBigUInt64LE(c & 0xffff_ffff_ffff_ffffn, 0);
    bytes.writeBigUInt64LE((isNegative ? 1n << 63n : 0n) | (BigInt(e + 6176) << 49n) | (c >> 64n), 8);
    return bytes;
  });
}

const tree = fc.letrec<{ value: RawValue; elements: RawElement[] }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    { weight: 6, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }).map(raw.array) },
    { weight: 2, arbitrary: tie('elements').map(raw.document) },
    { weight: 1, arbitrary: dbRef(tie('value')) },
    { weight: 1, arbitrary: fc.tuple(text, tie('elements')).map(([t, scope]) => raw.codeWithScope(t, scope)) },
  ),
  elements: fc.oneof(
    fc.array(fc.tuple(plainName, tie('value')), { maxLength: 6 }),
    fc.array(fc.tuple(nameBytes, tie('value')), { maxLength: 6 }),
  ),
}));

function dbRef(value: fc.Arbitrary<RawValue>): fc.Arbitrary<RawValue> {
  const more = fc.array(fc.tuple(names, value), { maxLength: 2 });
  return fc
    .tuple(text, value, more)
    .map(([name, id, rest]) => raw.document([['$ref', raw.string(name)], ['$id', id], ...rest]));
}

export const anyValue: fc.Arbitrary<RawValue> = tree.value;

/** Documents as a collection may hold them: an `_id`, then anything. */
export const anyElements: fc.Arbitrary<RawElement[]> = fc
  .tuple(anyValue, tree.elements)
  .map(([id, elements]): RawElement[] => [['_id', id], ...elements]);
