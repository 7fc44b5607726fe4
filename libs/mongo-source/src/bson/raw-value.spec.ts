import { BSON } from 'mongodb';
import { rawEntry } from './raw-value.js';

describe('rawEntry', () => {
  it.each<[string, string, number, string]>([
    ['a date beyond the range of JS', '_id', 0x09, 'ffffffffffffff7f'],
    ['a text that is not UTF-8', '$literal', 0x02, '03000000fffe00'],
    ['an undefined', 'ключ', 0x06, ''],
    ['a document with repeated keys', 'k', 0x03, '1300000010610001000000106100020000000000'.slice(0, 38)],
    ['a MinKey', '_id', 0xff, ''],
  ])('writes %s byte for byte', (_name, key, type, hex) => {
    const written = Buffer.from(
      BSON.serialize({ before: 1, ...rawEntry(key, type, Buffer.from(hex, 'hex')), after: true }),
    );
    const element = Buffer.concat([Buffer.from([type]), Buffer.from(`${key}\0`), Buffer.from(hex, 'hex')]);
    const before = Buffer.from(BSON.serialize({ before: 1 })).subarray(4, -1);
    const after = Buffer.from(BSON.serialize({ after: true })).subarray(4, -1);
    expect(written.subarray(4, -1).toString('hex')).toBe(Buffer.concat([before, element, after]).toString('hex'));
    expect(written.readInt32LE(0)).toBe(written.length);
  });
});
