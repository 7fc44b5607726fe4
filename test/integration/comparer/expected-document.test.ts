import * as fc from 'fast-check';
import { expectedDocument } from '../../../libs/testing/src/comparer/expected-document.js';
import { canonicalText, parseExactJson } from '../../../libs/testing/src/comparer/exact-json.js';
import { expectedId } from '../../../libs/testing/src/comparer/expected-id.js';
import { anyElements, anyValue, documentOf } from '../../../libs/mongo-source/src/transcode/bson-bytes.fixture.js';
import { encodeDocumentId } from '../../../libs/mongo-source/src/document-id/encode-document-id.js';
import { Transcoder } from '../../../libs/mongo-source/src/transcode/transcoder.js';

describe('what the comparer expects', () => {
  it('is what the transcoder writes, for any document', () => {
    const transcoder = new Transcoder();
    fc.assert(
      fc.property(anyElements, (elements) => {
        const bytes = documentOf(elements);
        transcoder.begin();
        transcoder.add(bytes, 0, bytes.length);
        const json = transcoder.finish().body.toString('utf8');
        expect(canonicalText(expectedDocument(bytes))).toBe(canonicalText(parseExactJson(json)));
      }),
      { numRuns: 2_000, seed: 6 },
    );
  }, 120_000);

  it('is the id that the codec gives, for any value', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        const element = Buffer.concat([Buffer.from([value.type]), Buffer.from('_id\0'), value.bytes]);
        expect(expectedId(value)).toBe(encodeDocumentId(element));
      }),
      { numRuns: 2_000, seed: 7 },
    );
  }, 120_000);
});
