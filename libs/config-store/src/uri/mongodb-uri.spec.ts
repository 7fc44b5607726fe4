import fc from 'fast-check';
import { isRedactedUri, parseMongoUri } from './mongodb-uri.js';

function problem(text: string): string {
  const result = parseMongoUri(text);
  if (result.ok) throw new Error(`${text} was accepted`);
  return result.problem;
}

describe('parseMongoUri', () => {
  it.each([
    'mongodb://localhost',
    'mongodb://localhost/',
    'mongodb://127.0.0.1:27017/?replicaSet=rs0',
    'mongodb://a,b:27018,c_d.example.com:27019/db?replicaSet=rs0&readPreference=secondary',
    'mongodb://[::1]:27017/',
    'mongodb://reader@localhost/',
    'mongodb+srv://cluster0.example.mongodb.net/shop?retryWrites=true&w=majority&appName=Cluster0',
    'mongodb://h/?tls=true&authSource=admin&authMechanism=SCRAM-SHA-256&READPREFERENCETAGS=dc:a&readPreferenceTags=dc:b',
  ])('accepts %s, which needs no sealing', (text) => {
    expect(parseMongoUri(text)).toMatchObject({ ok: true, uri: { hasPassword: false, display: text } });
  });

  it.each([
    ['mongodb://u:p@h/', 'mongodb://u:***@h/'],
    ['mongodb://u:p%40%3A%2F@a,b:1/db?tls=true', 'mongodb://u:***@a,b:1/db?tls=true'],
    ['mongodb+srv://u%40x:p@c.example.net', 'mongodb+srv://u%40x:***@c.example.net'],
  ])('redacts %s', (text, display) => {
    expect(parseMongoUri(text)).toMatchObject({ ok: true, uri: { hasPassword: true, display } });
    expect(isRedactedUri(display)).toBe(true);
    expect(isRedactedUri(text)).toBe(false);
  });

  it('never shows any part of a password, whatever is around it', () => {
    const host = fc.stringMatching(/^[a-z]{1,8}(\.[a-z]{1,8})?(:[1-9][0-9]{0,3})?$/);
    const shape = {
      user: fc.stringMatching(/^[a-z%]{1,8}$/),
      password: fc.string({ minLength: 1 }),
      hosts: fc.array(host, { minLength: 1, maxLength: 3 }),
    };
    fc.assert(
      fc.property(fc.record(shape), ({ user, password, hosts }) => {
        const secret = `CANARY${password}`;
        fc.pre(Buffer.from(secret).toString() === secret);
        const text = `mongodb://${encodeURIComponent(user)}:${encodeURIComponent(secret)}@${hosts.join(',')}/db`;
        const result = parseMongoUri(text);
        expect(result).toMatchObject({
          ok: true,
          uri: { display: `mongodb://${encodeURIComponent(user)}:***@${hosts.join(',')}/db`, hosts },
        });
      }),
    );
  });

  it('never tells or shows a password that is not written correctly', () => {
    const junk = fc.string({ unit: fc.constantFrom('@', ':', '/', '?', '&', '=', '#', '%', '[', ' ', 'x', '1', 'w') });
    fc.assert(
      fc.property(junk, junk, junk, (before, after, tail) => {
        const result = parseMongoUri(`mongodb://user:${before}CANARY${after}@host/${tail}`);
        const shown = result.ok ? result.uri.display : result.problem;
        expect(shown).not.toContain('CANARY');
      }),
      {
        numRuns: 5_000,
        examples: [
          ['1/', '', ''],
          ['1?', '=x', ''],
          ['1?w=', '', ''],
          ['1/?w=', '', ''],
        ],
      },
    );
  });

  it.each([
    'tlsCAFile=/etc/passwd',
    'tlsCertificateKeyFile=/x',
    'tlsCertificateKeyFilePassword=x',
    'tlsCRLFile=/x',
    'tlsInsecure=true',
    'tlsAllowInvalidCertificates=true',
    'tlsAllowInvalidHostnames=true',
    'proxyHost=h',
    'proxyPassword=x',
    'authMechanismProperties=ENVIRONMENT:azure',
    'authMechanism=MONGODB-OIDC',
    'authMechanism=MONGODB-AWS',
    'authMechanism=GSSAPI',
    'mongodbLogPath=/x',
    'autoEncryption=x',
    'TLScafile=/x',
    'tls%43AFile=/x',
    'readPreference=fastest',
    'tls=yes',
    'maxPoolSize=1e3',
    'replicaSet=',
    'replicaSet',
    'replicaSet=a=b',
    'replicaSet=a&replicaset=b',
    'constructor=x',
    '__proto__=x',
    'w=1;tlsCAFile=/x&tlsCAFile=/x',
  ])('refuses the option %s', (option) => {
    expect(problem(`mongodb://h/?${option}`)).toContain('option');
    expect(problem(`mongodb://h?replicaSet=rs0&${option.startsWith('replicaSet') ? 'x=y' : option}`)).toContain(
      'option',
    );
  });

  it.each([
    '',
    'localhost:27017',
    'http://h',
    'mongodb:/h',
    'MONGODB://h',
    ' mongodb://h',
    'mongodb://',
    'mongodb:///db',
    'mongodb://h,',
    'mongodb://h:0',
    'mongodb://h:65536',
    'mongodb://h:x',
    'mongodb://%2Ftmp%2Fmongodb-27017.sock/',
    'mongodb:///tmp/mongodb-27017.sock',
    'mongodb://h h/',
    'mongodb://:p@h/',
    'mongodb://u:p@q@h/',
    'mongodb://u:p:q@h/',
    'mongodb://u:50%@h/',
    'mongodb+srv://a,b/',
    'mongodb+srv://a:27017/',
    'mongodb://h/a b',
    'mongodb://h/a$b',
    'mongodb://h/a/b',
    'mongodb://h/\u0000',
    `mongodb://${'h'.repeat(9_000)}`,
    `mongodb://${Array.from({ length: 51 }, () => 'h').join(',')}`,
  ])('refuses %j', (text) => {
    expect(problem(text)).not.toBe('');
  });
});
