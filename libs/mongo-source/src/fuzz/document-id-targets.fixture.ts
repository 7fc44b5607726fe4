import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeDocumentId } from '../document-id/decode-document-id.js';
import { encodeDocumentId, encodeIdAt } from '../document-id/encode-document-id.js';
import { anyValue, type RawValue } from '../transcode/bson-bytes.fixture.js';
import { canonicalValue, valueSize } from './canonical-value.fixture.js';
import { fuzzTarget } from './fuzz-target.fixture.js';
import { changed, someChanges, type Change } from './hostile-bytes.fixture.js';

const LONGEST_ID_BYTES = 512;
const HASHED = /^\{"\$(?:sha256|unreadable)":"[0-9a-f]{64}"\}$/u;
const UNREADABLE = '{"$unreadable":';
const NAME = Buffer.from('_id\0', 'latin1');

/** Two values have one id exactly where MongoDB takes them for one. */
export const onePerValue = fuzzTarget({
  name: 'ids, two of any values',
  input: fc.tuple(anyValue, anyValue),
  judge:
    () =>
    ([a, b]) => {
      const [first, second] = [elementOf(a), elementOf(b)];
      judgePair(first, second);
      return 2;
    },
});

/** An id that is not hashed leads back to an element with the same id. */
export const thereAndBack = fuzzTarget({
  name: 'ids, there and back',
  input: anyValue,
  judge: () => (value) => {
    judgeWayBack(encodeDocumentId(elementOf(value)));
    return 1;
  },
});

/** Changed bytes have an id of their own, or one that says that they are no BSON; nothing outside of them is read. */
export const hostileIds = fuzzTarget({
  name: 'ids of changed bytes',
  input: fc.tuple(anyValue, fc.array(someChanges, { minLength: 1, maxLength: 8 })),
  judge:
    () =>
    ([value, variants]: [RawValue, Change[][]]) => {
      const original = elementOf(value);
      const whole = Buffer.concat([Buffer.from([value.type]), value.bytes]);
      for (const changes of variants) {
        const bytes = changed(whole, changes);
        const element = elementOf({ type: bytes[0]!, bytes: bytes.subarray(1) });
        judgeSurroundings(element);
        judgePair(original, element);
        judgeWayBack(encodeDocumentId(element));
      }
      return variants.length;
    },
});

/** Any text is no id of ours, or exactly the id of the element that it leads to. */
export const hostileTexts = fuzzTarget({
  name: 'ids from changed texts',
  input: fc.tuple(
    fc.oneof(
      { weight: 4, arbitrary: anyValue.map((value) => encodeDocumentId(elementOf(value))) },
      { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    ),
    fc.array(someChanges, { minLength: 1, maxLength: 8 }),
  ),
  judge:
    () =>
    ([text, variants]: [string, Change[][]]) => {
      const original = Buffer.from(text, 'utf8');
      for (const changes of variants) {
        const other = original.length === 0 ? '' : changed(original, changes).toString('utf8');
        const element = decodeDocumentId(other);
        if (element !== null) assert.equal(encodeDocumentId(element), other);
      }
      return variants.length;
    },
});

function elementOf({ type, bytes }: RawValue): Buffer {
  return Buffer.concat([Buffer.from([type]), NAME, bytes]);
}

function judgePair(a: Buffer, b: Buffer): void {
  const [idOfA, idOfB] = [encodeDocumentId(a), encodeDocumentId(b)];
  if (idOfA.startsWith(UNREADABLE) || idOfB.startsWith(UNREADABLE)) {
    assert.equal(idOfA === idOfB, a.equals(b), `${shown(a)}, ${shown(b)}`);
  } else {
    assert.equal(idOfA === idOfB, canonicalOf(a).equals(canonicalOf(b)), `${shown(a)}, ${shown(b)}`);
  }
}

function canonicalOf(element: Buffer): Buffer {
  const type = element[0]!;
  const rest = element.subarray(1 + NAME.length);
  return canonicalValue({ type, bytes: rest.subarray(0, valueSize(type, rest)) });
}

function judgeSurroundings(element: Buffer): void {
  const id = encodeDocumentId(element);
  for (const around of [Buffer.alloc(40, 0x41), Buffer.alloc(9)]) {
    const source = Buffer.concat([around, element, around]);
    const view = new DataView(source.buffer, source.byteOffset, source.byteLength);
    const found = encodeIdAt(source, view, around.length, around.length + element.length);
    assert.equal(found, id.startsWith(UNREADABLE) ? null : id, `what stands around must not matter: ${shown(element)}`);
  }
}

function judgeWayBack(id: string): void {
  assert.ok(Buffer.byteLength(id, 'utf8') <= LONGEST_ID_BYTES, id);
  const element = decodeDocumentId(id);
  if (element === null) assert.match(id, HASHED);
  else assert.equal(encodeDocumentId(element), id);
}

const shown = (bytes: Buffer): string => `bytes ${bytes.toString('hex')}`;
