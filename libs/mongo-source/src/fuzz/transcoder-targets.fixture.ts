import assert from 'node:assert/strict';
import type { DocumentState } from '@lockstep/contracts';
import * as fc from 'fast-check';
import { encodeDocumentId } from '../document-id/encode-document-id.js';
import { readIdElement } from '../document-id/read-id-element.js';
import { anyElements, documentOf, type RawElement } from '../transcode/bson-bytes.fixture.js';
import { DEFAULT_POLICIES, type ConversionPolicies } from '../transcode/conversion-policies.js';
import { referenceJson, ReferenceRefusal } from '../transcode/reference-conversion.fixture.js';
import { Transcoder } from '../transcode/transcoder.js';
import { fuzzTarget } from './fuzz-target.fixture.js';
import { changed, someChanges, type Change } from './hostile-bytes.fixture.js';

const policies: fc.Arbitrary<ConversionPolicies> = fc.record({
  nonFinite: fc.constantFrom('null', 'string', 'reject'),
  decimal: fc.constantFrom('string', 'number'),
  tooDeep: fc.constantFrom('string', 'reject'),
  maxDepth: fc.constantFrom(1, 2, 3, 20),
  idField: fc.constantFrom(null, 'id', 'a', '_id', 'key'),
});

/** Any documents under any policies become what the plain reference conversion writes, byte by byte. */
export const likeTheReference = fuzzTarget({
  name: 'documents, against the reference conversion',
  input: fc.tuple(fc.array(anyElements, { minLength: 1, maxLength: 5 }), policies),
  judge:
    () =>
    ([documents, chosen]) => {
      judgeBatch(new Transcoder(chosen), documents);
      return documents.length;
    },
});

/** The same by a transcoder that has seen many documents: what it remembers of them must not show. */
export const onceShapesAreWarm = fuzzTarget({
  name: 'documents, by a transcoder that has seen others',
  input: fc.array(anyElements, { minLength: 1, maxLength: 3 }),
  judge: () => {
    const transcoder = new Transcoder();
    return (documents) => {
      judgeBatch(transcoder, documents);
      return documents.length;
    };
  },
});

/** Changed bytes are rejected, or become the JSON of the BSON that they still are; nothing outside of them is read. */
export const hostileDocuments = fuzzTarget({
  name: 'documents of changed bytes',
  input: fc.tuple(anyElements, fc.array(someChanges, { minLength: 1, maxLength: 8 })),
  judge: () => {
    const transcoder = new Transcoder();
    return ([elements, variants]: [RawElement[], Change[][]]) => {
      const whole = documentOf(elements);
      for (const changes of variants) judgeHostile(transcoder, changed(whole, changes));
      return variants.length;
    };
  },
});

function judgeBatch(transcoder: Transcoder, documents: readonly RawElement[][]): void {
  const all = documents.map(documentOf);
  const padding = Buffer.from([7, 7, 7]);
  const source = Buffer.concat(all.flatMap((bytes) => [padding, bytes]));
  let at = 0;
  transcoder.begin();
  const states = all.map((bytes) => {
    const start = at + padding.length;
    at = start + bytes.length;
    return transcoder.add(source, start, at);
  });
  const { body } = transcoder.finish();
  for (const [i, state] of states.entries()) {
    assert.equal(jsonOf(state, body), expectedJson(all[i]!, transcoder.policies), shown(all[i]!));
    judgeId(state, all[i]!);
  }
}

function judgeHostile(transcoder: Transcoder, bytes: Buffer): void {
  const among = (before: Buffer, after: Buffer) => {
    transcoder.begin();
    const state = transcoder.add(Buffer.concat([before, bytes, after]), before.length, before.length + bytes.length);
    return { state, ...transcoder.finish() };
  };
  const first = among(Buffer.alloc(40, 0x41), Buffer.alloc(40, 0x41));
  const second = among(Buffer.alloc(3), Buffer.alloc(9));
  assert.deepEqual(second.state, first.state, `what stands around must not matter: ${shown(bytes)}`);
  assert.ok(second.body.equals(first.body), `what stands around must not matter: ${shown(bytes)}`);
  if (first.state.operation === 'reject') {
    assert.equal(first.state.code, 'SOURCE_DOCUMENT_CORRUPT', shown(bytes));
    assert.equal(first.body.length, 0, shown(bytes));
  } else {
    assert.equal(jsonOf(first.state, first.body), expectedJson(bytes, DEFAULT_POLICIES), shown(bytes));
    judgeId(first.state, bytes);
  }
}

/** The id is the one that the codec gives to the `_id` element alone. */
function judgeId(state: DocumentState, bytes: Buffer): void {
  const element = readIdElement(bytes, 0);
  assert.equal(state.id, element === null ? null : encodeDocumentId(element), shown(bytes));
}

/** Null for a document that is not written. It has to be JSON. */
function jsonOf(state: DocumentState, body: Buffer): string | null {
  if (state.operation !== 'index') return null;
  const json = body.toString('utf8', state.start, state.end);
  JSON.parse(json);
  return json;
}

function expectedJson(document: Buffer, chosen: ConversionPolicies): string | null {
  try {
    return referenceJson(document, chosen);
  } catch (error) {
    if (error instanceof ReferenceRefusal) return null;
    throw error;
  }
}

const shown = (bytes: Buffer): string => `bytes ${bytes.toString('hex')}`;
