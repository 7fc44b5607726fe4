import { clusterTime } from './cluster-time.js';
import { parseResumeToken } from './resume-token.js';

const DATA = `82${'65a4f0c2'}${'00000007'}2B042C0100296E5A1004`;

describe('a resume token as the shell shows it', () => {
  it('is stored as the BSON document that it stands for, and knows its time', () => {
    const parsed = parseResumeToken(DATA)!;
    expect(parsed.time).toBe(clusterTime(0x65a4f0c2, 7));
    const bson = Buffer.from(parsed.token, 'base64');
    expect(bson.readInt32LE(0)).toBe(bson.length);
    expect(bson.subarray(4, 11).toString('latin1')).toBe('\u0002_data\0');
    expect(bson.readInt32LE(11)).toBe(DATA.length + 1);
    expect(bson.subarray(15, 15 + DATA.length).toString('latin1')).toBe(DATA);
    expect([...bson.subarray(15 + DATA.length)]).toEqual([0, 0]);
  });

  it.each(['', '82', DATA.slice(0, 18), `${DATA}0`, `83${DATA.slice(2)}`, `${DATA}xx`, `{"_data":"${DATA}"}`])(
    'is not %p',
    (text) => {
      expect(parseResumeToken(text)).toBeUndefined();
    },
  );
});
