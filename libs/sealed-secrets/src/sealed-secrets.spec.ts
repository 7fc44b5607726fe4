import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LockstepError } from '@lockstep/core';
import fc from 'fast-check';
import { calculateJwkThumbprint, CompactEncrypt } from 'jose';
import { generateKeyPair, MAX_PLAINTEXT_BYTES, PublicKeyRing, SecretOpener, SecretSealer } from './index.js';

// Making RSA keys takes seconds on a busy machine.
jest.setTimeout(60_000);

const context = { purpose: 'connector', subject: 'con_1/source.uri' };
const CANARY = 'canary-7f3b';

async function failure(action: Promise<unknown>): Promise<LockstepError> {
  const error: unknown = await action.then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LockstepError)) throw error as Error;
  return error;
}

describe('sealed secrets', () => {
  let root: string;
  let privateDir: string;
  let publicDir: string;
  let kid: string;
  let ring: PublicKeyRing;
  let sealer: SecretSealer;
  let opener: SecretOpener;
  let publicKey: KeyObject;

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'lockstep-keys-'));
    privateDir = join(root, 'private');
    publicDir = join(root, 'public');
    kid = await generateKeyPair(privateDir, publicDir);
    ring = await PublicKeyRing.load(publicDir);
    sealer = new SecretSealer(ring);
    opener = await SecretOpener.load(privateDir);
    publicKey = createPublicKey(ring.current.pem);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  const clientJwe = (text: string, header: Record<string, unknown> = {}): Promise<string> =>
    new CompactEncrypt(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, ...header })
      .encrypt(publicKey, { crit: { b64: true } });

  /** A JWE whose header was replaced after sealing. */
  const withHeader = (jwe: string, change: (header: Record<string, unknown>) => void): string => {
    const [head = '', ...rest] = jwe.split('.');
    const header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
    change(header);
    return [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.');
  };

  describe('seal and open', () => {
    it('round-trips any text', async () => {
      await fc.assert(
        fc.asyncProperty(fc.string({ minLength: 1, unit: 'binary' }), async (text) => {
          fc.pre(Buffer.from(text).toString() === text);
          const { jwe, keyId } = await sealer.seal(text, context);
          expect(keyId).toBe(kid);
          expect(await opener.open(jwe, context)).toBe(text);
        }),
        { numRuns: 30 },
      );
    });

    it('keeps a byte order mark', async () => {
      const { jwe } = await sealer.seal('\uFEFFx', context);
      expect(await opener.open(jwe, context)).toBe('\uFEFFx');
    });

    it('never gives the same ciphertext twice', async () => {
      expect((await sealer.seal('a', context)).jwe).not.toBe((await sealer.seal('a', context)).jwe);
    });

    it('refuses an empty secret and one that is too long', async () => {
      expect((await failure(sealer.seal('', context))).code).toBe('SECRET_MALFORMED');
      const { jwe } = await sealer.seal('x'.repeat(MAX_PLAINTEXT_BYTES), context);
      expect(await opener.open(jwe, context)).toHaveLength(MAX_PLAINTEXT_BYTES);
      expect((await failure(sealer.seal('x'.repeat(MAX_PLAINTEXT_BYTES + 1), context))).code).toBe('SECRET_MALFORMED');
    });
  });

  describe('a stored value', () => {
    it.each([
      ['another field', { purpose: 'connector', subject: 'con_1/sink.elasticsearch.password' }],
      ['another connector', { purpose: 'connector', subject: 'con_2/source.uri' }],
      ['another purpose', { purpose: 'config', subject: 'con_1/source.uri' }],
      ['a part of its subject', { purpose: 'connector', subject: 'source.uri' }],
    ])('does not open at %s', async (_where, other) => {
      const { jwe } = await sealer.seal(CANARY, context);
      expect((await failure(opener.open(jwe, other))).code).toBe('SECRET_DECRYPT_FAILED');
    });

    it('does not open after a change of any character', async () => {
      const { jwe } = await sealer.wrap(await clientJwe(CANARY), context);
      await fc.assert(
        fc.asyncProperty(fc.nat(jwe.length - 1), fc.constantFrom('A', 'B', '_', '.', ' '), async (at, char) => {
          const changed = jwe.slice(0, at) + char + jwe.slice(at + 1);
          const sameBytes = changed.split('.').every((part, i) => {
            const original = jwe.split('.')[i] ?? '';
            return Buffer.from(part, 'base64url').equals(Buffer.from(original, 'base64url'));
          });
          fc.pre(changed !== jwe && !sameBytes);
          expect((await failure(opener.open(changed, context))).code).toBe('SECRET_DECRYPT_FAILED');
        }),
        { numRuns: 60 },
      );
    });

    it('does not open when its context was taken out, and cannot be given one', async () => {
      expect((await failure(opener.open(await clientJwe(CANARY), context))).code).toBe('SECRET_DECRYPT_FAILED');
      const { jwe } = await sealer.seal(CANARY, { purpose: 'connector', subject: 'con_2/source.uri' });
      const moved = withHeader(jwe, (header) => (header.lsk = context));
      expect((await failure(opener.open(moved, context))).code).toBe('SECRET_DECRYPT_FAILED');
    });

    it('fails in one way for every cause, with nothing of the value', async () => {
      const { jwe } = await sealer.seal(CANARY, context);
      const causes = [
        'nonsense',
        '',
        'a'.repeat(200_000),
        `${jwe}.x`,
        withHeader(jwe, (header) => (header.kid = 'other')),
        withHeader(jwe, (header) => (header.enc = 'A128GCM')),
        withHeader(jwe, (header) => (header.alg = 'dir')),
        withHeader(jwe, (header) => (header.zip = 'DEF')),
        await clientJwe(CANARY, { lsk: { purpose: 'connector', subject: 'elsewhere' } }),
        await clientJwe('not a jwe', { cty: 'JWE', lsk: context }),
        await clientJwe(await clientJwe(CANARY, { cty: 'JWE' }), { cty: 'JWE', lsk: context }),
      ];
      const seen = new Set<string>();
      for (const cause of causes) {
        const error = await failure(opener.open(cause, context));
        seen.add(JSON.stringify([error.code, error.message, error.cause ?? null]));
      }
      expect([...seen]).toEqual([JSON.stringify(['SECRET_DECRYPT_FAILED', 'A sealed value cannot be opened', null])]);
    });
  });

  describe('a JWE of a client', () => {
    it('is wrapped and opens at its place', async () => {
      const { jwe, keyId } = await sealer.wrap(await clientJwe(CANARY), context);
      expect(keyId).toBe(kid);
      expect(await opener.open(jwe, context)).toBe(CANARY);
    });

    it('of full length still opens', async () => {
      const text = 'x'.repeat(48_500);
      const { jwe } = await sealer.wrap(await clientJwe(text), context);
      expect(await opener.open(jwe, context)).toBe(text);
    });

    it.each([
      ['the place', { purpose: 'connector', subject: 'con_1/source.uri' }],
      ['the field of a connector without an id yet', { purpose: 'connector', subject: 'source.uri' }],
    ])('may name %s', async (_what, lsk) => {
      const { jwe } = await sealer.wrap(await clientJwe(CANARY, { lsk }), context);
      expect(await opener.open(jwe, context)).toBe(CANARY);
    });

    it.each([
      ['another field', { lsk: { purpose: 'connector', subject: 'sink.elasticsearch.apiKey' } }],
      ['another connector', { lsk: { purpose: 'connector', subject: 'con_2/source.uri' } }],
      ['another purpose', { lsk: { purpose: 'config', subject: 'source.uri' } }],
      ['an empty subject', { lsk: { purpose: 'connector', subject: '' } }],
      ['no purpose', { lsk: { subject: 'source.uri' } }],
      ['a text as lsk', { lsk: 'source.uri' }],
      ['zip', { zip: 'DEF' }],
      ['jku', { jku: 'http://127.0.0.1/' }],
      ['x5u', { x5u: 'http://127.0.0.1/' }],
      ['jwk', { jwk: { kty: 'RSA' } }],
      ['x5c', { x5c: [] }],
      ['crit', { crit: ['b64'] }],
      ['another alg', { alg: 'RSA-OAEP' }],
      ['a direct alg', { alg: 'dir' }],
      ['PBES2', { alg: 'PBES2-HS256+A128KW' }],
      ['another enc', { enc: 'A128CBC-HS256' }],
      ['no kid', { kid: undefined }],
      ['a number as kid', { kid: 5 }],
      ['a JWE inside', { cty: 'JWE' }],
    ])('with %s is refused', async (_what, header) => {
      const jwe = withHeader(await clientJwe(CANARY), (target) => Object.assign(target, header));
      const error = await failure(sealer.wrap(jwe, context));
      expect(error.code).toBe('SECRET_MALFORMED');
      expect(error.message).not.toContain(jwe.slice(0, 20));
    });

    it('for an unknown key is refused with a code of its own', async () => {
      const jwe = withHeader(await clientJwe(CANARY), (header) => (header.kid = 'x'.repeat(43)));
      expect((await failure(sealer.wrap(jwe, context))).code).toBe('KEY_UNKNOWN');
    });

    it.each([
      '',
      'a.b.c',
      'a.b.c.d',
      '....',
      'a.b.c.d.e.f',
      'é.b.c.d.e',
      '!!.b.c.d.e',
      `${'a'.repeat(65_537)}.b.c.d.e`,
    ])('is refused when it is no compact JWE (%#)', async (jwe) => {
      expect((await failure(sealer.wrap(jwe, context))).code).toBe('SECRET_MALFORMED');
    });

    it('never crashes the header check, whatever is sent', async () => {
      await fc.assert(
        fc.asyncProperty(fc.json(), async (json) => {
          const jwe = `${Buffer.from(json).toString('base64url') || 'x'}.a.b.c.d`;
          expect((await failure(sealer.wrap(jwe, context))).code).toBe('SECRET_MALFORMED');
        }),
      );
    });

    it('taken from the store of another connector is refused', async () => {
      const { jwe } = await sealer.seal(CANARY, { purpose: 'connector', subject: 'con_2/source.uri' });
      expect((await failure(sealer.wrap(jwe, context))).code).toBe('SECRET_MALFORMED');
    });
  });

  describe('keys', () => {
    it('are named by their thumbprint and written for their owner alone', async () => {
      expect(readdirSync(privateDir)).toEqual([`${kid}.pem`]);
      expect(readdirSync(publicDir).sort()).toEqual([`${kid}.pem`, 'current'].sort());
      expect(statSync(join(privateDir, `${kid}.pem`)).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(privateDir, `${kid}.pem`), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----/);
      expect(ring.current.pem).toMatch(/^-----BEGIN PUBLIC KEY-----/);
      expect(kid).toBe(await calculateJwkThumbprint({ ...ring.current.jwk }));
      expect(opener.warnings).toEqual([]);
    });

    it('are published with public members only', () => {
      expect(ring.jwks().keys).toEqual([
        { kty: 'RSA', use: 'enc', alg: 'RSA-OAEP-256', enc: 'A256GCM', kid, n: expect.any(String), e: 'AQAB' },
      ]);
    });

    it('are not replaced by accident', async () => {
      expect((await failure(generateKeyPair(privateDir, publicDir))).code).toBe('CONFIG_VERSION_CONFLICT');
      expect(readdirSync(privateDir)).toHaveLength(1);
    });

    it('rotate: the new one seals, the old one still opens, once it is gone it does not', async () => {
      const dir = mkdtempSync(join(root, 'rotation-'));
      const folders = [join(dir, 'private'), join(dir, 'public')] as const;
      const first = await generateKeyPair(...folders);
      const old = await new SecretSealer(await PublicKeyRing.load(folders[1])).seal(CANARY, context);
      const second = await generateKeyPair(...folders, { force: true });
      const rotated = await PublicKeyRing.load(folders[1]);
      expect(rotated.keys.map((key) => key.kid)).toEqual([second, first]);
      const fresh = await new SecretSealer(rotated).seal(CANARY, context);
      expect(fresh.keyId).toBe(second);
      const both = await SecretOpener.load(folders[0]);
      expect(await both.open(old.jwe, context)).toBe(CANARY);
      expect(await both.open(fresh.jwe, context)).toBe(CANARY);
      writeFileSync(join(folders[1], 'current'), `${first}\n`);
      expect((await PublicKeyRing.load(folders[1])).current.kid).toBe(first);
      rmSync(join(folders[1], 'current'));
      utimesSync(join(folders[1], `${first}.pem`), 1, 1);
      expect((await PublicKeyRing.load(folders[1])).current.kid).toBe(second);
      rmSync(join(folders[0], `${first}.pem`));
      const later = await SecretOpener.load(folders[0]);
      expect((await failure(later.open(old.jwe, context))).code).toBe('SECRET_DECRYPT_FAILED');
    });

    it('bring a warning when everybody can read a private one', async () => {
      const dir = mkdtempSync(join(root, 'open-'));
      const path = join(dir, 'key.pem');
      writeFileSync(path, readFileSync(join(privateDir, `${kid}.pem`)));
      chmodSync(path, 0o644);
      const open = await SecretOpener.load(dir);
      expect(open.warnings).toHaveLength(1);
      expect(open.keyIds).toEqual([kid]);
    });

    const pem = (bits: number): { private: string; public: string } => {
      const pair = generateKeyPairSync('rsa', {
        modulusLength: bits,
        publicKeyEncoding: { type: 'spki', format: 'pem' },
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      });
      return { private: pair.privateKey, public: pair.publicKey };
    };
    const publicFolder = (files: Record<string, string>): string => {
      const dir = mkdtempSync(join(root, 'public-'));
      for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
      return dir;
    };

    it.each<[string, () => Record<string, string>, string]>([
      ['nothing', () => ({}), 'KEY_MISSING'],
      ['a short key', () => ({ 'a.pem': pem(2048).public }), 'KEY_MISSING'],
      ['nonsense', () => ({ 'a.pem': 'nonsense' }), 'KEY_MISSING'],
      ['a marker without its key', () => ({ 'a.pem': ring.current.pem, current: 'x' }), 'KEY_MISSING'],
      ['a private key', () => ({ 'a.pem': pem(2048).private }), 'SETTINGS_INVALID'],
      ['a private key beside', () => ({ 'a.pem': ring.current.pem, 'b.bak': pem(2048).private }), 'SETTINGS_INVALID'],
      ['a private JWK', () => ({ 'a.pem': ring.current.pem, 'b.json': '{"kty":"RSA","d" : "x"}' }), 'SETTINGS_INVALID'],
    ])('are refused when the public folder holds %s', async (_what, files, code) => {
      expect((await failure(PublicKeyRing.load(publicFolder(files())))).code).toBe(code);
    });

    it('are refused when the private folder holds none, a public one, or is missing', async () => {
      expect((await failure(SecretOpener.load(publicFolder({})))).code).toBe('KEY_MISSING');
      expect((await failure(SecretOpener.load(publicDir))).code).toBe('KEY_MISSING');
      expect((await failure(SecretOpener.load(join(root, 'nowhere')))).code).toBe('KEY_MISSING');
    });
  });
});
