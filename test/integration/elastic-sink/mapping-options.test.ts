import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BsonTypeName, FieldType, SinkConfig, Target } from '@lockstep/contracts';
import { elasticUrl } from '../elastic/elastic-server.js';
import { bindingOf, sinkSuite, write, type SinkContext, type SinkSuite } from './sink-context.js';

/** Passes requests on to the real server and keeps what was asked. */
async function startRecorder(upstream: string, requests: string[]): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      requests.push(`${incoming.method ?? ''} ${incoming.url ?? ''}`);
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const headers: Record<string, string> = {};
      for (const name of ['accept', 'content-type']) {
        const value = incoming.headers[name];
        if (typeof value === 'string') headers[name] = value;
      }
      const answer = await fetch(`${upstream}${incoming.url ?? ''}`, {
        method: incoming.method ?? 'GET',
        headers,
        ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      const kept = ['content-type', 'x-elastic-product'].flatMap((name) => {
        const value = answer.headers.get(name);
        return value === null ? [] : [[name, value] as const];
      });
      outgoing.writeHead(answer.status, Object.fromEntries(kept)).end(body);
    })().catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('how a connector wants its fields mapped', () => {
  let suite: SinkSuite;
  let context: SinkContext;
  beforeAll(async () => {
    suite = await sinkSuite();
  });
  afterAll(() => suite[Symbol.asyncDispose]());
  beforeEach(() => {
    context = suite.context();
  });
  afterEach(() => context[Symbol.asyncDispose]());

  const field = (path: string, type: BsonTypeName): FieldType => ({ path, type });
  const properties = async (target: Target): Promise<Record<string, Record<string, unknown>>> => {
    const mapping = await context.client.indices.getMapping({ index: target.index });
    return (mapping[target.index]?.mappings.properties ?? {}) as Record<string, Record<string, unknown>>;
  };
  const hits = async (target: Target, query: object): Promise<number> => {
    await context.client.indices.refresh({ index: target.index });
    return (await context.client.count({ index: target.index, query })).count;
  };
  const opened = async (config: Partial<SinkConfig>) => {
    const sink = context.sink({ config });
    const target = await context.target(sink);
    const map = (...fields: FieldType[]): Promise<unknown> => sink.mapFields(target, fields, context.signal);
    return { sink, target, map };
  };

  const keyword = { type: 'keyword', ignore_above: 1024 };
  const both = { type: 'text', fields: { keyword } };
  const none = { type: 'keyword', index: false, doc_values: false };

  describe('strings', () => {
    it.each([
      [undefined, both],
      ['both', both],
      ['keyword', keyword],
      ['text', { type: 'text' }],
      ['none', none],
    ] as const)('%s maps them the same from their BSON type and dynamically', async (strings, expected) => {
      const { sink, target, map } = await opened(strings === undefined ? {} : { strings });
      await map(field('typed', 'string'), field('old', 'symbol'), field('id', 'objectId'));
      const long = 'x'.repeat(100_000);
      const { result } = await write(sink, target, 5n, [['a', { typed: long, dynamic: long, old: 'y', id: 'z' }]]);
      expect(result.indexed).toBe(1);
      expect(await properties(target)).toEqual({ typed: expected, dynamic: expected, old: expected, id: keyword });
      expect(await context.source(target, 'a')).toMatchObject({ typed: long });
    });

    it('are mapped by path where the connector names one, whoever meets them first', async () => {
      const { sink, target, map } = await opened({
        strings: 'keyword',
        fields: { 'a.body': { strings: 'text' }, raw: { strings: 'none' }, 'd.body': { strings: 'both' } },
      });
      await map(field('a.body', 'string'), field('a.title', 'string'), field('b.body', 'string'));
      await write(sink, target, 5n, [['x', { a: { body: 'q w', title: 'q w' }, raw: 'q', d: { body: 'q' } }]]);
      await map(field('raw.number', 'int'));
      expect(await properties(target)).toEqual({
        a: { properties: { body: { type: 'text' }, title: keyword } },
        b: { properties: { body: keyword } },
        raw: none,
        d: { properties: { body: both } },
      });
      expect(await hits(target, { match: { 'a.body': 'q' } })).toBe(1);
      expect(await hits(target, { match: { 'a.title': 'q' } })).toBe(0);
    });

    it('do not touch a named path that holds something else, and give way to own mappings', async () => {
      const { sink, target, map } = await opened({
        fields: { n: { strings: 'none' }, code: { strings: 'text' }, title: { strings: 'none' } },
        mappings: {
          properties: { title: { type: 'text' } },
          dynamic_templates: [{ codes: { match: 'code', mapping: { type: 'keyword' } } }],
        },
      });
      await map(field('n', 'int'), field('code', 'string'), field('title', 'string'));
      await write(sink, target, 5n, [['x', { n: 1, code: 'c', title: 't' }]]);
      expect(await properties(target)).toEqual({
        n: { type: 'long' },
        code: { type: 'keyword' },
        title: { type: 'text' },
      });
    });
  });

  describe('flattened', () => {
    const flattened = { type: 'flattened', ignore_above: 1024 };

    it('keeps an object of any kinds in one field', async () => {
      const { sink, target, map } = await opened({
        fields: { labels: { type: 'flattened' }, 'meta.raw': { type: 'flattened' }, 'own.x': { type: 'flattened' } },
        mappings: { properties: { own: { properties: { y: { type: 'long' } } } } },
      });
      await map(field('labels', 'object'), field('labels.a', 'int'), field('labels.a.b', 'date'));
      await map(field('meta.raw.x', 'string'), field('meta.n', 'int'));
      const { result } = await write(sink, target, 5n, [
        ['1', { labels: { a: 1 }, meta: { raw: { x: 'y' } } }],
        ['2', { labels: { a: { b: 'deep' } }, meta: { raw: { x: [{ y: 1 }] }, n: 1 } }],
        ['3', { labels: { a: [1, 'two', { b: null }], long: 'x'.repeat(50_000) } }],
        ['4', { labels: null }],
      ]);
      expect(result).toMatchObject({ indexed: 4, deadLettered: 0 });
      expect(await properties(target)).toEqual({
        labels: flattened,
        meta: { properties: { raw: flattened, n: { type: 'long' } } },
        own: { properties: { x: flattened, y: { type: 'long' } } },
      });
      expect(await hits(target, { term: { 'labels.a.b': 'deep' } })).toBe(1);
      expect(await hits(target, { term: { 'labels.a': '1' } })).toBe(2);
    });

    it('refuses what is no object there', async () => {
      const { sink, target } = await opened({ fields: { labels: { type: 'flattened' } } });
      const { result } = await write(sink, target, 5n, [
        ['1', { labels: 'text' }],
        ['2', { labels: { a: 1 } }],
      ]);
      expect(result).toMatchObject({ indexed: 1, deadLettered: 1 });
    });

    it('is put into a target that was there before, and gives way to what is mapped there', async () => {
      const before = await opened({});
      await before.map(field('old.a', 'int'));
      const { target, map } = await opened({ fields: { old: { type: 'flattened' }, new: { type: 'flattened' } } });
      await map(field('old.b', 'date'), field('new.x.y', 'date'), field('new.z', 'int'));
      expect(await properties(target)).toEqual({
        old: { properties: { a: { type: 'long' }, b: { type: 'date' } } },
        new: flattened,
      });
    });
  });

  describe('conflicts', () => {
    const states = [
      ['number', { v: 1, keep: 'a' }],
      ['text', { v: 'not a number', keep: 'b' }],
      ['object', { v: { w: 1 }, keep: 'c' }],
    ] as const;

    it('are dead letters by default', async () => {
      const { sink, target, map } = await opened({});
      await map(field('v', 'int'), field('v', 'string'));
      expect((await write(sink, target, 5n, states)).result).toMatchObject({ indexed: 1, deadLettered: 2 });
      expect((await properties(target)).v).toEqual({ type: 'long' });
    });

    it('lose the value and keep the document under ignoreMalformed, but not where an object meets a number', async () => {
      const { sink, target, map } = await opened({ conflicts: 'ignoreMalformed' });
      await map(field('v', 'int'), field('when', 'date'));
      const { result } = await write(sink, target, 5n, [...states, ['date', { when: 'soon', dynamic: 1 }]]);
      expect(result).toMatchObject({ indexed: 3, deadLettered: 1 });
      expect((await write(sink, target, 6n, [['later', { dynamic: 'x' }]])).result.indexed).toBe(1);
      expect(await hits(target, { exists: { field: 'v' } })).toBe(1);
      expect(await hits(target, { terms: { _ignored: ['v', 'when', 'dynamic'] } })).toBe(3);
      expect(await context.source(target, 'text')).toEqual({ v: 'not a number', keep: 'b' });
    });

    it('are strings under string, as far as the kinds are known before the field is mapped', async () => {
      const { sink, target, map } = await opened({ conflicts: 'string', fields: { d: { strings: 'keyword' } } });
      await map(field('v', 'int'), field('d', 'date'), field('v', 'string'), field('d', 'bool'), field('n', 'int'));
      await map(field('n', 'string'));
      const { result } = await write(sink, target, 5n, [...states, ['d', { d: true }], ['e', { d: '2026-01-01' }]]);
      expect(result).toMatchObject({ indexed: 4, deadLettered: 1 });
      expect(await properties(target)).toMatchObject({ v: both, d: keyword, n: { type: 'long' } });
      expect(await hits(target, { term: { v: '1' } })).toBe(1);
      expect((await write(sink, target, 6n, [['n', { n: 'x' }]])).result.deadLettered).toBe(1);
    });
  });

  describe('a definition of its own', () => {
    const names = async (): Promise<string[]> =>
      Object.keys(await context.client.indices.get({ index: `${context.prefix}*`, features: 'aliases' }));

    it.each([
      ['an analyzer that is not there', { mappings: { properties: { a: { type: 'text', analyzer: 'nix' } } } }, /nix/],
      ['a broken filter', { settings: { analysis: { filter: { f: { type: 'nix' } } } } }, /nix/],
      ['settings that do not exist', { settings: { bogus: 1 } }, /bogus/],
    ])('is refused with the words of Elasticsearch: %s', async (_name, config, words) => {
      const refused = context.target(context.sink({ config }));
      await expect(refused).rejects.toMatchObject({
        code: 'SINK_TARGET_INVALID',
        message: expect.stringMatching(words) as unknown,
      });
      await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('-check-') as unknown });
      expect(await names()).toEqual([]);
    });

    it('is tried once in an index of its own, which is gone when the target is there', async () => {
      const requests: string[] = [];
      await using proxy = await startRecorder(elasticUrl(), requests);
      const config: Partial<SinkConfig> = {
        settings: { analysis: { analyzer: { brief: { type: 'standard', stopwords: ['the'] } } } },
        mappings: { properties: { a: { type: 'text', analyzer: 'brief' } } },
      };
      const sink = context.sink({ config, url: proxy.url });
      const target = await context.target(sink);
      await sink.ensureTarget({
        binding: bindingOf(`${context.name}2`),
        generation: 1,
        isServing: true,
        signal: context.signal,
      });
      expect((await properties(target)).a).toEqual({ type: 'text', analyzer: 'brief' });
      expect((await names()).sort()).toEqual([target.index, `${context.name}2-000001`].sort());
      const changes = requests
        .filter((request) => /^(PUT|DELETE) /.test(request))
        .map((request) => request.replace(/-check-[0-9a-f]{12}(\?.*)?$/, '-check').replace(/\?.*$/, ''));
      expect(changes).toEqual([
        `PUT /${target.index}-check`,
        `DELETE /${target.index}-check`,
        `PUT /${target.index}`,
        `PUT /${context.name}2-000001`,
      ]);
    });

    it('is not tried where nothing of its own is asked for', async () => {
      const requests: string[] = [];
      await using proxy = await startRecorder(elasticUrl(), requests);
      const target = await context.target(context.sink({ url: proxy.url }));
      expect(requests.filter((request) => request.startsWith('PUT '))).toEqual([`PUT /${target.index}`]);
    });
  });

  describe('the limit of fields', () => {
    it('counts the objects on the way to a field, and costs no document', async () => {
      const { sink, target, map } = await opened({ settings: { 'mapping.total_fields.limit': 6 } });
      await map(field('a.b.c', 'int'), field('s', 'string'), field('t.u', 'date'), field('n', 'int'));
      await map(field('t.u', 'date'), field('o', 'bool'), field('p.q', 'int'));
      expect(Object.keys(await properties(target)).sort()).toEqual(['a', 'n', 's']);
      expect(context.events.filter(({ type }) => type === 'conversion.noted')).toEqual(
        [1, 2].map((fieldsBeyondLimit) => ({
          type: 'conversion.noted',
          connectorId: context.connectorId,
          namespace: target.binding.namespace,
          notes: { fieldsBeyondLimit },
        })),
      );
      const document = { a: { b: { c: 1 } }, s: 'x', t: { u: 1 }, n: 1, o: true, p: { q: 1 } };
      expect((await write(sink, target, 5n, [['x', document]])).result.indexed).toBe(1);
      expect(await context.source(target, 'x')).toEqual(document);
    });
  });
});
