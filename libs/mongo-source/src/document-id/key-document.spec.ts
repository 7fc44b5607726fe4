import { BSON } from 'mongodb';
import { documentOf, raw } from '../transcode/bson-bytes.fixture.js';
import { decodeKeyDocument, encodeKeyDocument } from './key-document.js';
import { readIdElement } from './read-id-element.js';

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

describe('a stored key', () => {
  it.each([
    ['an int', { _id: 5 }],
    ['text', { _id: 'ü' }],
    ['a document', { _id: { a: 1, b: [null] } }],
    ['null', { _id: null }],
  ])('is the document of the _id alone: %s', (_, document) => {
    const bytes = BSON.serialize(document);
    const element = readIdElement(Buffer.from(bytes), 0)!;
    expect(encodeKeyDocument(element)).toBe(base64(bytes));
    expect(decodeKeyDocument(base64(bytes))).toEqual(element);
  });

  const whole = Buffer.from(BSON.serialize({ _id: 5 }));
  const longer = Buffer.concat([whole, Buffer.from([0])]);
  const endless = Buffer.from(whole);
  endless[endless.length - 1] = 1;

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['bytes behind it', longer],
    ['another end', endless],
    ['a wrong length', Buffer.concat([Buffer.from([99]), whole.subarray(1)])],
    ['no elements', Buffer.from([5, 0, 0, 0, 0])],
    ['no _id', documentOf([['a', raw.int32(1)]])],
    ['a value that is cut', Buffer.from([9, 0, 0, 0, 0x10, 0x5f, 0x69, 0x64, 0])],
  ])('is not one of ours with %s', (_, bytes) => {
    expect(() => decodeKeyDocument(base64(bytes))).toThrow(
      expect.objectContaining({
        code: 'STATE_CORRUPT',
        message: expect.stringContaining('reading a stored key: it is not one of ours'),
      }),
    );
  });
});
