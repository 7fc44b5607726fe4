import { documentOf, raw, type RawValue } from './bson-bytes.fixture.js';
import { FieldShape } from './field-shape.js';
import { FieldTypeReport } from './field-types.js';
import { BSON } from './bson-layout.js';
import { Transcoder } from './transcoder.js';

const fieldAt = (path: string) =>
  new FieldShape({
    raw: path,
    name: path,
    path,
    level: 1,
    isSpecial: false,
    isMovable: false,
    note: null,
    isTracked: true,
  });
const twelve = Buffer.alloc(12);

function typesOf(...values: RawValue[]): string[] {
  const transcoder = new Transcoder();
  transcoder.begin();
  for (const value of values) {
    const bytes = documentOf([
      ['_id', raw.null],
      ['f', value],
    ]);
    transcoder.add(bytes, 0, bytes.length);
  }
  return transcoder.finish().newFields.map(({ path, type }) => (path === 'f' ? type : `${path} ${type}`));
}

const everyType: readonly [string, RawValue][] = [
  ['double', raw.double(1)],
  ['string', raw.string('')],
  ['object', raw.document([])],
  ['array', raw.array([])],
  ['binary', raw.binary(0, twelve)],
  ['binary', raw.binary(4, twelve)],
  ['uuid', raw.binary(3, Buffer.alloc(16))],
  ['uuid', raw.binary(4, Buffer.alloc(16))],
  ['objectId', raw.objectId(twelve)],
  ['bool', raw.bool(true)],
  ['date', raw.date(0n)],
  ['null', raw.null],
  ['regex', raw.regex('', '')],
  ['dbPointer', raw.dbPointer('', twelve)],
  ['code', raw.code('')],
  ['symbol', raw.symbol('')],
  ['code', raw.codeWithScope('', [])],
  ['int', raw.int32(1)],
  ['timestamp', raw.timestamp(1, 1)],
  ['long', raw.int64(1n)],
  ['decimal', raw.decimal(Buffer.alloc(16))],
  ['minKey', raw.minKey],
  ['maxKey', raw.maxKey],
];

describe('the type of a field', () => {
  it.each(everyType)('is %s for its values', (type, value) => {
    expect(typesOf(value, value)).toEqual([type]);
    expect(typesOf(raw.array([value, value]))).toEqual(type === 'array' ? ['array'] : ['array', type]);
  });

  it('is met beside every other one, whichever comes first', () => {
    for (const [first, value] of everyType) {
      for (const [second, other] of everyType) {
        expect(typesOf(value, other)).toEqual([...new Set([first, second])]);
      }
    }
  });

  it('is met once, whichever of its forms comes first', () => {
    expect(typesOf(raw.code(''), raw.codeWithScope('', []), raw.code(''))).toEqual(['code']);
    expect(typesOf(raw.codeWithScope('', []), raw.code(''))).toEqual(['code']);
  });

  it('is none for undefined', () => {
    expect(typesOf(raw.undefined, raw.array([raw.undefined]))).toStrictEqual(['array']);
  });
});

describe('FieldTypeReport', () => {
  const reportOf = (count: number) => {
    const report = new FieldTypeReport();
    const fields = Array.from({ length: count }, (_, i) => fieldAt(`f${i}`));
    for (const field of fields) report.add(field, BSON.int32);
    return { report, fields };
  };
  const paths = (report: FieldTypeReport) => report.take().map(({ path }) => path);

  it('forgets what was met at a path and below it, in the document at hand alone', () => {
    const report = new FieldTypeReport();
    for (const path of ['a', 'b']) report.add(fieldAt(path), BSON.int32);
    report.forget('a');
    report.forget('c');
    report.keepDocument();
    for (const path of ['b.x', 'bb', 'b']) report.add(fieldAt(path), BSON.bool);
    report.forget('b');
    expect(report.take()).toEqual([
      { path: 'b', type: 'int' },
      { path: 'bb', type: 'bool' },
    ]);
    expect(report.take()).toEqual([]);
    report.add(fieldAt('next'), BSON.int32);
    report.forget('none');
    report.forget('next');
    expect(report.take()).toEqual([]);
  });

  it('lets a forgotten type be met again, and keeps the others', () => {
    const report = new FieldTypeReport();
    const field = fieldAt('a');
    report.add(field, BSON.string);
    report.take();
    report.add(field, BSON.int32);
    report.forget('a');
    expect(field.reportedTypes).toBe(1 << BSON.string);
  });

  it.each([
    [10_000, 'is still found'],
    [10_001, 'stays'],
  ])('looks back at 10 000 fields of a document: the first of %d %s', (count) => {
    const { report } = reportOf(count);
    report.forget('f0');
    expect(paths(report).includes('f0')).toBe(count > 10_000);
  });

  it.each<[string, (report: FieldTypeReport) => void]>([
    ['kept', (report) => report.keepDocument()],
    ['dropped', (report) => report.dropDocument()],
  ])('looks back as far in the next document, once the one before is %s', (_, end) => {
    const { report } = reportOf(10_000);
    report.forget('none');
    end(report);
    report.add(fieldAt('next'), BSON.int32);
    report.forget('next');
    expect(paths(report)).not.toContain('next');
  });

  it('looks back as often as it is asked, until the looks are used up', () => {
    const { report } = reportOf(5_000);
    report.forget('none');
    report.forget('f1');
    report.forget('f2');
    const left = paths(report);
    expect(left).not.toContain('f1');
    expect(left).toContain('f2');
  });

  it('takes a dropped document back: its types can be met again', () => {
    const report = new FieldTypeReport();
    const field = fieldAt('a');
    report.add(field, BSON.int32);
    report.keepDocument();
    report.add(field, BSON.bool);
    expect(field.reportedTypes).toBe((1 << BSON.int32) | (1 << BSON.bool));
    report.dropDocument();
    expect(field.reportedTypes).toBe(1 << BSON.int32);
    expect(report.take()).toEqual([{ path: 'a', type: 'int' }]);
  });

  it('gives all of it away to be met again', () => {
    const report = new FieldTypeReport();
    const field = fieldAt('a');
    report.add(field, BSON.string);
    report.take();
    report.add(field, BSON.int32);
    report.add(field, BSON.bool);
    expect(report.takeAgain()).toHaveLength(2);
    expect(field.reportedTypes).toBe(1 << BSON.string);
    expect(report.take()).toEqual([]);
  });
});
