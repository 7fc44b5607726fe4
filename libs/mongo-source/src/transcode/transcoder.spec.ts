import * as fc from 'fast-check';
import { BSON } from 'mongodb';
import type { DocumentState } from '@lockstep/contracts';
import { anyElements, documentOf } from './bson-bytes.fixture.js';
import { DEFAULT_POLICIES, type ConversionPolicies } from './conversion-policies.js';
import { referenceJson, ReferenceRefusal } from './reference-conversion.fixture.js';
import { Transcoder } from './transcoder.js';

const policies: fc.Arbitrary<ConversionPolicies> = fc.record({
  nonFinite: fc.constantFrom('null', 'string', 'reject'),
  decimal: fc.constantFrom('string', 'number'),
  tooDeep: fc.constantFrom('string', 'reject'),
  maxDepth: fc.constantFrom(1, 2, 3, 20),
  idField: fc.constantFrom(null, 'id', 'a', '_id', 'key'),
});

function convertAll(transcoder: Transcoder, documents: readonly Buffer[]): (string | null)[] {
  const padding = Buffer.from([7, 7, 7]);
  const whole = Buffer.concat(documents.flatMap((document) => [padding, document]));
  let at = 0;
  transcoder.begin();
  const states: DocumentState[] = documents.map((document) => {
    const start = at + padding.length;
    at = start + document.length;
    return transcoder.add(whole, start, at);
  });
  const { body } = transcoder.finish();
  return states.map((state) => (state.operation === 'index' ? body.toString('utf8', state.start, state.end) : null));
}

function expected(document: Buffer, chosen: ConversionPolicies): string | null {
  try {
    return referenceJson(document, chosen);
  } catch (error) {
    if (error instanceof ReferenceRefusal) return null;
    throw error;
  }
}

describe('Transcoder', () => {
  it('writes what the plain reference conversion writes, byte by byte', () => {
    fc.assert(
      fc.property(fc.array(anyElements, { minLength: 1, maxLength: 5 }), policies, (documents, chosen) => {
        const bytes = documents.map(documentOf);
        const converted = convertAll(new Transcoder(chosen), bytes);
        expect(converted).toEqual(bytes.map((document) => expected(document, chosen)));
        for (const json of converted) if (json !== null) JSON.parse(json);
      }),
      { numRuns: 500, seed: 20_240_501 },
    );
  });

  it('does not depend on the documents before, once its shapes are warm', () => {
    const transcoder = new Transcoder();
    fc.assert(
      fc.property(fc.array(anyElements, { minLength: 1, maxLength: 3 }), (documents) => {
        const bytes = documents.map(documentOf);
        expect(convertAll(transcoder, bytes)).toEqual(bytes.map((document) => expected(document, DEFAULT_POLICIES)));
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('agrees with what the driver reads', () => {
    const plain = fc.dictionary(
      fc.string({ maxLength: 8 }).filter((name) => /^[a-z]/u.test(name) && !/[.%\0]/u.test(name)),
      fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 })),
    );
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 4 }), (documents) => {
        const bytes = documents.map((document) => Buffer.from(BSON.serialize({ _id: 1, ...document })));
        const converted = convertAll(new Transcoder(), bytes).map((json) => JSON.parse(json!) as unknown);
        expect(converted).toEqual(documents.map((document) => ({ ...document })));
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});
