import fc from 'fast-check';
import { REDACTED, redactText, redactUri } from './redact-text.js';

const JWE = `eyJhbGciOiJSU0EtT0FFUC0yNTYifQ.${'a'.repeat(20)}.b.c.d`;

describe('redactText', () => {
  it.each([
    ['connecting to mongodb://u:canary@h:27017/db', 'connecting to mongodb://***@h:27017/db'],
    ['mongodb+srv://u:p@canary@h/?x=1 failed', 'mongodb+srv://***@h/?x=1 failed'],
    ['https://elastic:canary@h:9200/', 'https://***@h:9200/'],
    [
      'mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:canary&w=1',
      'mongodb://h/?authMechanismProperties=***&w=1',
    ],
    ['Authorization: Bearer canary-canary', 'Authorization: Bearer ***'],
    ['authorization: ApiKey Y2FuYXJ5OmNhbmFyeQ==', 'authorization: ApiKey ***'],
    [`sealed as ${JWE} today`, 'sealed as *** today'],
    ['nothing to hide in http://127.0.0.1:9292/docs', 'nothing to hide in http://127.0.0.1:9292/docs'],
    ['mail to a@b.example is no URI', 'mail to a@b.example is no URI'],
  ])('%s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it('leaves the JSON of a log line readable, quotes and backslashes in the password included', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme-ascii' }), (password) => {
        fc.pre(!/[\s<>']/.test(password));
        const line = JSON.stringify({ msg: `opening mongodb://user:${password}canary@h/db`, other: 'kept' });
        const redacted = redactText(line);
        expect(redacted).not.toContain('canary');
        expect(JSON.parse(redacted)).toEqual({ msg: 'opening mongodb://***@h/db', other: 'kept' });
      }),
    );
  });
});

describe('redactUri', () => {
  it('shows neither user nor password, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, password) => {
        expect(redactUri(`mongodb://${user}:${password}@h:27017/db`)).toBe(`mongodb://${REDACTED}@h:27017/db`);
      }),
    );
  });

  it('leaves a URI without credentials as it is', () => {
    expect(redactUri('mongodb://a:1,b:2/db?replicaSet=rs0')).toBe('mongodb://a:1,b:2/db?replicaSet=rs0');
  });
});
