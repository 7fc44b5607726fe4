import * as fc from 'fast-check';
import {
  documentOf,
  raw,
  type RawElement,
  type RawValue,
} from '../../../libs/mongo-source/src/transcode/bson-bytes.fixture.js';
import { RESERVED_NAMES } from '../../../libs/mongo-source/src/transcode/field-name.js';
import { Transcoder } from '../../../libs/mongo-source/src/transcode/transcoder.js';
import { elasticContext, elasticUrl, type ElasticContext } from '../elastic/elastic-server.js';

const yes = raw.bool(true);
const transcoder = new Transcoder();

function convert(elements: readonly RawElement[]): string {
  const bytes = documentOf([['_id', raw.int32(1)], ...elements]);
  transcoder.begin();
  const state = transcoder.add(bytes, 0, bytes.length);
  expect(state.operation).toBe('index');
  return transcoder.finish().body.toString('utf8');
}

/** Sends the very bytes; the client would make an object of them. */
async function store(index: string, json: string): Promise<{ status: number; reason: string | null }> {
  const answer = await fetch(`${elasticUrl()}/${index}/_doc`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: json,
  });
  const { error } = (await answer.json()) as { error?: { reason: string } };
  return { status: answer.status, reason: error?.reason ?? null };
}

/** An index that maps whatever comes, as many fields as there are. */
async function openIndex({ client, prefix }: ElasticContext): Promise<string> {
  const index = `${prefix}-any`;
  await client.indices.create({ index, settings: { 'index.mapping.total_fields.limit': 20_000 } });
  return index;
}

async function expectStored(index: string, elements: readonly RawElement[]): Promise<void> {
  const json = convert(elements);
  expect({ json, ...(await store(index, json)) }).toEqual({ json, status: 201, reason: null });
}

const nest = (levels: number, wrap: (inner: RawValue) => RawValue, inner: RawValue): RawValue => {
  let value = inner;
  for (let i = 0; i < levels; i++) value = wrap(value);
  return value;
};

jest.setTimeout(120_000);

describe('documents that the transcoder writes', () => {
  it('are accepted whatever their names are', async () => {
    await using context = elasticContext();
    const reserved = [...RESERVED_NAMES];
    const name = fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        'a.b',
        'a.c',
        'a.b.c',
        '',
        '.',
        '..',
        '.a',
        'a.',
        'a..b',
        '%',
        '%2E',
        '*',
        'a"b',
        '$set',
      ),
      fc.constantFrom(
        ' ',
        '  ',
        'a. .b',
        '. .',
        '\u2003',
        '\u00a0',
        '\u001c',
        '\u0085',
        '\u200b',
        '\ufeff',
        '\u3000.a',
      ),
      fc.constantFrom(...reserved, ...reserved.map((n) => `field${n}`), ...reserved.map((n) => `${n}.x`)),
      fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replaceAll('\0', '')),
    );
    const { elements } = fc.letrec<{ elements: RawElement[] }>((tie) => ({
      elements: fc.array(
        fc.tuple(name, fc.oneof({ maxDepth: 3 }, fc.constant(yes), tie('elements').map(raw.document))),
        { minLength: 1, maxLength: 8 },
      ),
    }));
    const index = await openIndex(context);
    await expectStored(
      index,
      reserved.map((n): RawElement => [n, yes]),
    );
    // Each one under a name of its own: what one document maps must not decide about another.
    for (const [i, document] of fc.sample(elements, { numRuns: 60, seed: 4 }).entries()) {
      await expectStored(index, [[`document${i}`, raw.document(document)]]);
    }
  });

  it('are accepted whatever their depth is', async () => {
    await using context = elasticContext();
    const inObject = (inner: RawValue) => raw.document([['o', inner]]);
    const inArray = (inner: RawValue) => raw.array([inner]);
    const path = (parts: number) => Array.from({ length: parts }, (_, i) => `p${i}`).join('.');
    const index = await openIndex(context);
    const values: RawValue[] = [
      ...[17, 18, 19, 20, 200].map((levels) => nest(levels, inObject, yes)),
      ...[498, 499, 900].map((levels) => nest(levels, inArray, yes)),
      nest(
        16,
        inObject,
        raw.document([
          ['a.b', yes],
          ['c.d.e', yes],
        ]),
      ),
      nest(17, inObject, raw.timestamp(1, 2)),
      nest(18, inObject, raw.timestamp(1, 2)),
      nest(19, inObject, raw.timestamp(1, 2)),
    ];
    for (const [i, value] of values.entries()) await expectStored(index, [[`value${i}`, value]]);
    for (const parts of [19, 20, 21, 100]) {
      await expectStored(index, [[`b${parts}.${path(parts - 1)}`, yes]]);
      await expectStored(index, [[`t${parts}.${path(parts - 2)}`, raw.timestamp(1, 2)]]);
    }
  });

  it('are accepted with every date there can be', async () => {
    await using context = elasticContext();
    const { client } = context;
    const index = `${context.prefix}-dates`;
    await client.indices.create({ index, mappings: { dynamic: 'strict', properties: { d: { type: 'date' } } } });
    const times = [0n, -1n, -62_167_219_200_000n, 253_402_300_799_999n];
    const outside = [-62_167_219_200_001n, 253_402_300_800_000n, 2n ** 63n - 1n, -(2n ** 63n)];
    for (const time of [...times, ...outside]) {
      const { status } = await store(index, convert([['d', raw.date(time)]]));
      expect({ time, status }).toEqual({ time, status: 201 });
    }
  });
});
