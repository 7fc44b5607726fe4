import * as fc from 'fast-check';
import { BSON } from 'mongodb';
import type { DocumentState } from '@lockstep/contracts';
import { likeTheReference, onceShapesAreWarm } from '../fuzz/transcoder-targets.fixture.js';
import { Transcoder } from './transcoder.js';

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

describe('Transcoder', () => {
  it('writes what the plain reference conversion writes, byte by byte', () => {
    fc.assert(likeTheReference.property(), { numRuns: 500, seed: 20_240_501 });
  });

  it('does not depend on the documents before, once its shapes are warm', () => {
    fc.assert(onceShapesAreWarm.property(), { numRuns: 500, seed: 7 });
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
