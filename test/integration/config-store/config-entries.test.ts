import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigEntries, secretContext, SecretResolver } from '@lockstep/config-store';
import { stateAlias } from '@lockstep/elastic';
import { generateKeyPair, PublicKeyRing, SecretOpener, SecretSealer } from '@lockstep/sealed-secrets';
import { CompactEncrypt } from 'jose';
import type { ElasticContext } from '../elastic/elastic-server.js';
import { stateContext } from './state-context.js';

const CANARY = 'canary-3c1d9a';

jest.setTimeout(30_000);

describe('ConfigEntries', () => {
  let context: ElasticContext;
  let root: string;
  let ring: PublicKeyRing;
  let opener: SecretOpener;
  let entries: ConfigEntries;
  let resolver: SecretResolver;

  beforeAll(async () => {
    context = await stateContext();
    root = await mkdtemp(join(tmpdir(), 'lockstep-entries-'));
    await generateKeyPair(join(root, 'private'), join(root, 'public'));
    ring = await PublicKeyRing.load(join(root, 'public'));
    opener = await SecretOpener.load(join(root, 'private'));
    entries = new ConfigEntries(context.client, context.prefix, new SecretSealer(ring));
    resolver = new SecretResolver(new ConfigEntries(context.client, context.prefix, null), opener);
  });
  afterAll(async () => {
    await context[Symbol.asyncDispose]();
    await rm(root, { recursive: true });
  });

  const clientJwe = (header: object = {}): Promise<string> =>
    new CompactEncrypt(Buffer.from(CANARY))
      .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM', kid: ring.current.kid, ...header })
      .encrypt(createPublicKey(ring.current.pem));
  const resolve = (key: string): Promise<string> =>
    resolver.resolve({ kind: 'config', key }, secretContext('con_1', 'sink.elasticsearch.apiKey'));

  it.each([
    [5],
    ['text'],
    [null],
    [false],
    [[1, [2, { a: null }]]],
    [{ a: { b: 'c' }, d: 1.5 }],
    [{ a: 'not a date' }],
  ])('keeps the value %j as it is', async (value) => {
    await entries.put('any', { value });
    expect(await entries.get('any')).toMatchObject({ key: 'any', sealed: false, value });
  });

  it('creates, replaces, deletes', async () => {
    const first = await entries.put('life', { value: 1 });
    expect(first.isNew).toBe(true);
    const second = await entries.put('life', { value: 2 });
    expect(second.isNew).toBe(false);
    expect(second.entry.etag).not.toBe(first.entry.etag);
    await entries.delete('life');
    await expect(entries.get('life')).rejects.toMatchObject({ code: 'CONFIG_ENTRY_UNKNOWN' });
    await expect(entries.delete('life')).rejects.toMatchObject({ code: 'CONFIG_ENTRY_UNKNOWN' });
  });

  it('shows of a secret its key only, and stores none of its text', async () => {
    const { entry } = await entries.put('secret', { secret: CANARY });
    const shown = {
      key: 'secret',
      sealed: true,
      keyId: ring.current.kid,
      updatedAt: entry.updatedAt,
      etag: entry.etag,
    };
    expect(entry).toEqual(shown);
    expect(await entries.get('secret')).toEqual(shown);
    expect((await entries.list({ pageSize: 500 })).items).toContainEqual(shown);
    const dump = await context.client.search({ index: stateAlias(context.prefix, 'config'), size: 100 });
    expect(JSON.stringify(dump)).not.toContain(CANARY);
    expect(await resolve('secret')).toBe(CANARY);
  });

  it.each<[string, object]>([
    ['without lsk', {}],
    ['with its lsk', { lsk: { purpose: 'config', subject: 'sealed.by.client' } }],
  ])('takes a JWE of a client %s', async (_what, header) => {
    const { entry } = await entries.put('sealed.by.client', { sealed: await clientJwe(header) });
    expect(entry).not.toHaveProperty('sealed', await clientJwe());
    expect(entry.sealed).toBe(true);
    expect(await resolve('sealed.by.client')).toBe(CANARY);
  });

  it('does not open a ciphertext that was moved to another key in the index', async () => {
    await entries.put('moved', { secret: CANARY });
    const alias = stateAlias(context.prefix, 'config');
    const { _source: stolen } = await context.client.get<object>({ index: alias, id: 'moved' });
    await context.client.index({ index: alias, id: 'thief', document: { ...stolen, key: 'thief' } });
    await expect(resolve('thief')).rejects.toMatchObject({ code: 'SECRET_DECRYPT_FAILED' });
  });

  it.each<[object, string, string]>([
    [{}, 'API_REQUEST_INVALID', ''],
    [{ value: 1, secret: 'x' }, 'API_REQUEST_INVALID', ''],
    [{ value: 'x'.repeat(70_000) }, 'API_REQUEST_INVALID', '/value'],
    [{ secret: 5 }, 'API_REQUEST_INVALID', '/secret'],
    [{ secret: '' }, 'API_REQUEST_INVALID', '/secret'],
    [{ sealed: 5 }, 'API_REQUEST_INVALID', '/sealed'],
    [{ value: 1, other: 2 }, 'API_FIELD_UNKNOWN', '/other'],
    [{ sealed: 'x' }, 'SECRET_MALFORMED', '/sealed'],
  ])('refuses %j', async (body, code, pointer) => {
    const failed = { code, fields: expect.arrayContaining([expect.objectContaining({ pointer })]) };
    await expect(entries.put('refused', body)).rejects.toMatchObject(failed);
    await expect(entries.get('refused')).rejects.toMatchObject({ code: 'CONFIG_ENTRY_UNKNOWN' });
  });

  it('refuses a JWE for another key and of an unknown kid', async () => {
    const other = await clientJwe({ lsk: { purpose: 'config', subject: 'other' } });
    await expect(entries.put('mine', { sealed: other })).rejects.toMatchObject({ code: 'SECRET_MALFORMED' });
    await expect(entries.put('mine', { sealed: await clientJwe({ kid: 'x' }) })).rejects.toMatchObject({
      code: 'KEY_UNKNOWN',
    });
  });

  it.each(['', '.a', '_a', 'a/b', 'a b', '../x', 'a\u0000', 'ä', 'a'.repeat(129)])(
    'refuses the key %j',
    async (key) => {
      await expect(entries.put(key, { value: 1 })).rejects.toMatchObject({ code: 'API_REQUEST_INVALID' });
      await expect(entries.get(key)).rejects.toMatchObject({ code: 'CONFIG_ENTRY_UNKNOWN' });
    },
  );

  it('checks If-Match, and lets one of twenty with the same tag win', async () => {
    const { entry } = await entries.put('tagged', { value: 0 });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => entries.put('tagged', { value: i }, `"${entry.etag}"`)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(entries.put('absent', { value: 1 }, '*')).rejects.toMatchObject({ code: 'API_PRECONDITION_FAILED' });
    await expect(entries.delete('tagged', entry.etag)).rejects.toMatchObject({ code: 'API_PRECONDITION_FAILED' });
  });

  it('lists in the order of keys, in pages', async () => {
    await using other = await stateContext();
    const fresh = new ConfigEntries(other.client, other.prefix, null);
    for (const key of ['c', 'a', 'b']) await fresh.put(key, { value: key });
    const first = await fresh.list({ pageSize: 2 });
    expect(first.items.map(({ key }) => key)).toEqual(['a', 'b']);
    const second = await fresh.list({ pageSize: 2, pageToken: first.nextPageToken ?? '' });
    expect(second).toMatchObject({ items: [{ key: 'c' }], nextPageToken: null });
    await expect(fresh.put('s', { secret: 'x' })).rejects.toMatchObject({ code: 'KEY_MISSING' });
  });

  it('tells the worker what is wrong with a reference', async () => {
    await expect(resolve('nowhere')).rejects.toMatchObject({ code: 'CONFIG_ENTRY_UNKNOWN' });
    await entries.put('number', { value: 5 });
    await expect(resolve('number')).rejects.toMatchObject({ code: 'CONFIG_SECRET_UNREADABLE' });
    await entries.put('bad.uri', { value: 'mongodb://h/?tlsInsecure=true' });
    const uri = resolver.resolve({ kind: 'config', key: 'bad.uri' }, secretContext('con_1', 'source.uri'));
    await expect(uri).rejects.toMatchObject({ code: 'SOURCE_URI_INVALID' });
  });
});
