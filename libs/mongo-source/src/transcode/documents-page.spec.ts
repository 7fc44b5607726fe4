import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Decimal128 } from 'mongodb';
import { decodeDocumentId } from '../document-id/decode-document-id.js';
import { encodeDocumentId } from '../document-id/encode-document-id.js';
import { documentOf, raw, type RawElement, type RawValue } from './bson-bytes.fixture.js';
import { NOTE_KINDS } from './conversion-notes.js';
import type { ConversionPolicies } from './conversion-policies.js';
import { RESERVED_NAMES } from './field-name.js';
import { Transcoder } from './transcoder.js';

const page = readFileSync(join(__dirname, '../../../../docs/documents.md'), 'utf8');

/** The cells of the table under a heading, without its head. */
function table(heading: string): string[][] {
  const section = page.split(/^## /mu).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const lines = section.split('\n').filter((line) => line.startsWith('| '));
  return lines.slice(2).map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );
}

/** The text between backticks. */
const code = (cell: string) => /^`(.*?)`(?: .*)?$/u.exec(cell)?.[1] ?? cell;

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Tagged = (json: never) => RawValue;

const tags: Readonly<Record<string, Tagged>> = {
  $oid: (hex: string) => raw.objectId(Buffer.from(hex, 'hex')),
  $symbol: (text: string) => raw.symbol(text),
  $string: (base64: string) => raw.string(Buffer.from(base64, 'base64')),
  $numberInt: (text: string) => raw.int32(Number(text)),
  $numberLong: (text: string) => raw.int64(BigInt(text)),
  $numberDouble: (text: string) => raw.double(Number(text)),
  $numberDecimal: (text: string) => raw.decimal(Decimal128.fromString(text).bytes),
  $binary: ({ base64, subType }: { base64: string; subType: string }) =>
    raw.binary(parseInt(subType, 16), Buffer.from(base64, 'base64')),
  $date: ({ $numberLong }: { $numberLong: string }) => raw.date(BigInt($numberLong)),
  $undefined: () => raw.undefined,
  $timestamp: ({ t, i }: { t: number; i: number }) => raw.timestamp(t, i),
  $regularExpression: ({ pattern, options }: { pattern: string; options: string }) => raw.regex(pattern, options),
  $dbPointer: ({ $ref, $id }: { $ref: string; $id: { $oid: string } }) =>
    raw.dbPointer($ref, Buffer.from($id.$oid, 'hex')),
  $minKey: () => raw.minKey,
  $maxKey: () => raw.maxKey,
  $array: (items: Json[]) => raw.array(items.map(valueOf)),
};

function valueOf(json: Json): RawValue {
  if (json === null) return raw.null;
  if (typeof json === 'boolean') return raw.bool(json);
  if (typeof json === 'number') return raw.int32(json);
  if (typeof json === 'string') return raw.string(json);
  if (Array.isArray(json)) return raw.array(json.map(valueOf));
  if ('$code' in json) {
    const text = json.$code as string;
    return '$scope' in json ? raw.codeWithScope(text, elementsOf(json.$scope)) : raw.code(text);
  }
  const [name] = Object.keys(json);
  const tag = name !== undefined && Object.hasOwn(tags, name) ? tags[name] : undefined;
  return tag === undefined ? raw.document(elementsOf(json)) : tag(json[name!] as never);
}

function elementsOf(json: Json): RawElement[] {
  return Object.entries(json as Record<string, Json>).map(([name, value]) => [name, valueOf(value)]);
}

const parse = (text: string): RawValue => valueOf(JSON.parse(text) as Json);

function convert(elements: readonly RawElement[], policies: Partial<ConversionPolicies> = {}) {
  const bytes = documentOf([['_id', raw.null], ...elements]);
  const transcoder = new Transcoder(policies);
  transcoder.begin();
  const { operation } = transcoder.add(bytes, 0, bytes.length);
  const { body, newFields } = transcoder.finish();
  return { json: operation === 'index' ? body.toString('utf8') : 'dead letter', types: newFields };
}

/** What each BSON type is mapped as. */
const mappings: Readonly<Record<string, string>> = {
  double: '`double`',
  int: '`long`',
  long: '`long`',
  decimal: '`keyword`',
  string: '`text` + `keyword`',
  symbol: '`text` + `keyword`',
  bool: '`boolean`',
  null: '–',
  date: '`date`',
  objectId: '`keyword`',
  uuid: '`keyword`',
  binary: '`binary`',
  timestamp: 'object of `long`',
  regex: '`keyword`',
  dbPointer: 'object',
  code: '`text`',
  minKey: '`keyword`',
  maxKey: '`keyword`',
  array: '–',
  object: 'object',
};

describe('docs/documents.md', () => {
  it.each(table('The document id').map(([name, example, id]) => [name!, code(example!), code(id!)]))(
    'ids: %s',
    (_, example, id) => {
      const { type, bytes } = parse(example);
      expect(encodeDocumentId(Buffer.concat([Buffer.from([type]), Buffer.from('_id\0'), bytes]))).toBe(id);
      expect(encodeDocumentId(decodeDocumentId(id)!)).toBe(id);
    },
  );

  it.each(table('Values').map(([name, example, json, mapping]) => [name!, code(example!), code(json!), mapping!]))(
    'values: %s',
    (_, example, json, mapping) => {
      const result = convert([['v', parse(example)]]);
      expect(result.json).toBe(`{"v":${json}}`);
      expect(mappings[result.types[0]!.type]).toBe(mapping);
    },
  );

  it.each(
    table('Policies').map(([policy, choice, example, json]) => [
      code(policy!),
      code(choice!),
      code(example!),
      code(json!),
    ]),
  )('policies: %s %s', (policy, choice, example, json) => {
    const result = convert([['v', parse(example)]], { [policy]: policy === 'maxDepth' ? Number(choice) : choice });
    expect(result.json).toBe(json === 'dead letter' ? json : `{"v":${json}}`);
  });

  it.each(table('Field names').map(([document, json]) => [code(document!), code(json!)]))(
    'names: %s',
    (document, json) => {
      expect(convert(elementsOf(JSON.parse(document) as Json)).json).toBe(json);
    },
  );

  it('lists what is counted, and the reserved names', () => {
    expect(table('What is counted').map(([note]) => code(note!))).toEqual([...NOTE_KINDS]);
    const listed = /a number where that name is taken:\n(.*?)\.\n/su.exec(page)![1]!;
    expect([...listed.matchAll(/`(.*?)`/gu)].map(([, name]) => name)).toEqual([...RESERVED_NAMES]);
  });

  it('has rows', () => {
    for (const heading of ['The document id', 'Values', 'Policies', 'Field names', 'What is counted']) {
      expect(table(heading).length).toBeGreaterThan(5);
    }
  });
});
