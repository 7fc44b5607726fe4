import type { DeadLetter, DeadLetterState } from '@lockstep/elastic-sink';
import { sinkSuite, write, type SinkContext, type SinkSuite, type State } from './sink-context.js';

const SECRET = 'card-4111-1111';

describe('dead letters', () => {
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

  const letters = async (state: DeadLetterState = 'open'): Promise<readonly DeadLetter[]> => {
    await context.client.indices.refresh({ index: context.lettersIndex });
    return (await context.letters.list({ connectorId: context.connectorId, state })).items;
  };

  it('keeps what Elasticsearch refuses, with its field and without its content, and goes on', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 1n, [['seed', { n: 1, o: { p: 1 } }]]);
    const { result } = await write(sink, target, 5n, [
      ['good', { n: 2 }],
      ['bad-number', { n: SECRET }],
      ['bad-object', { o: SECRET }],
      ['bad-json', `{"n":1,"n":"${SECRET}`],
      ['cannot', { reject: 'deep.path' }],
      ['good-2', { n: 3 }],
    ]);
    expect(result).toEqual({ indexed: 2, deleted: 0, conflicts: 0, deadLettered: 4, retried: 0 });
    const stored = await letters();
    const byId = Object.fromEntries(stored.map((letter) => [letter.documentId, letter]));
    expect(byId['bad-number']).toMatchObject({
      errorType: 'document_parsing_exception',
      code: 'SINK_DOCUMENT_REJECTED',
      field: 'n',
      version: '5',
      namespace: 'shop.orders',
      binding: context.name,
      index: target.index,
      generation: 1,
      state: 'open',
      reason: null,
      body: null,
      isStale: false,
    });
    expect(byId['bad-object']?.field).toBe('o');
    expect(byId.cannot).toMatchObject({ code: 'SOURCE_DOCUMENT_UNSUPPORTED', field: 'deep.path' });
    expect(JSON.stringify(stored)).not.toContain('card-4111');
    expect(JSON.stringify(context.events)).not.toContain('card-4111');
    expect(await context.letters.stats(context.connectorId)).toMatchObject({
      open: 4,
      byErrorType: [{ errorType: 'document_parsing_exception', count: 3 }, { count: 1 }],
    });
  });

  it('names the field that a strict mapping refuses', async () => {
    const sink = context.sink({
      config: { mappings: { dynamic: 'strict', properties: { a: { properties: { b: { type: 'long' } } } } } },
    });
    const target = await context.target(sink);
    await write(sink, target, 5n, [
      ['s1', { top: SECRET }],
      ['s2', { a: { inner: SECRET } }],
    ]);
    const stored = await letters();
    expect(stored.map((l) => [l.documentId, l.errorType, l.field]).sort()).toEqual([
      ['s1', 'strict_dynamic_mapping_exception', 'top'],
      ['s2', 'strict_dynamic_mapping_exception', 'a.inner'],
    ]);
  });

  it('names the field of arrays that mix kinds of numbers and of terms that are too long', async () => {
    const sink = context.sink({ config: { mappings: { properties: { k: { type: 'keyword' } } } } });
    const target = await context.target(sink);
    await write(sink, target, 5n, [
      ['m1', { mixed: [1, 2.5] }],
      ['m2', { k: 'x'.repeat(40_000) }],
    ]);
    const stored = await letters();
    expect(stored.map((l) => [l.documentId, l.field]).sort()).toEqual([
      ['m1', 'mixed'],
      ['m2', 'k'],
    ]);
  });

  it('keeps words and body only where the connector allows it', async () => {
    const sink = context.sink({ config: { deadLetterContent: true } });
    const target = await context.target(sink);
    await write(sink, target, 1n, [['seed', { n: 1 }]]);
    await write(sink, target, 5n, [['bad', { n: SECRET }]]);
    const [letter] = await letters();
    expect(letter?.body).toBe(JSON.stringify({ n: SECRET }));
    expect(letter?.reason).toContain(SECRET);
  });

  it.each<[string, State[1]]>([
    ['a refused update', { n: SECRET }],
    ['an update that cannot be converted', { reject: 'n' }],
  ])('removes the older state with %s, at its version', async (_name, state) => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 4n, [['u', { n: 1 }]]);
    const { result } = await write(sink, target, 5n, [['u', state]]);
    expect(result).toMatchObject({ deadLettered: 1, deleted: 0 });
    expect(await context.source(target, 'u')).toBeUndefined();
    // The removal has the version of the refused state: what is older stays out, what is newer comes in.
    expect((await write(sink, target, 4n, [['u', { n: 1 }]])).result.conflicts).toBe(1);
    expect((await write(sink, target, 6n, [['u', { n: 2 }]])).result.indexed).toBe(1);
  });

  it('keeps the older state when it is told to, and counts it as stale', async () => {
    const sink = context.sink({ config: { onRefused: 'keepOld' } });
    const target = await context.target(sink);
    await write(sink, target, 4n, [['u', { n: 1 }]]);
    expect((await write(sink, target, 5n, [['u', { n: SECRET }]])).result.deadLettered).toBe(1);
    expect(await context.source(target, 'u')).toEqual({ n: 1 });
    expect(await letters()).toMatchObject([{ documentId: 'u', isStale: true }]);
  });

  it('does not believe a late copy of an old state that is refused', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 9n, [['u', { n: 1 }]]);
    const { result } = await write(sink, target, 5n, [['u', { n: SECRET }]]);
    expect(result).toMatchObject({ conflicts: 1, deadLettered: 0 });
    expect(await context.source(target, 'u')).toEqual({ n: 1 });
    expect(await letters()).toEqual([]);
  });

  it('keeps one dead letter per document, about its newest refused state', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 1n, [['seed', { n: 1, d: 1 }]]);
    await write(sink, target, 5n, [['u', { n: SECRET }]]);
    await write(sink, target, 6n, [['u', { d: SECRET }]]);
    const stored = await letters();
    expect(stored).toMatchObject([{ documentId: 'u', version: '6', field: 'd', seenCount: 2 }]);
    expect(stored[0]!.firstSeenAt <= stored[0]!.lastSeenAt).toBe(true);
  });

  it.each(['the same sink', 'a sink that finds the target later'])(
    'closes it when the document arrives clean in %s',
    async (who) => {
      const sink = context.sink({ config: { deadLetterContent: true } });
      const target = await context.target(sink);
      await write(sink, target, 4n, [['seed', { n: 1 }]]);
      await write(sink, target, 5n, [
        ['u', { n: SECRET }],
        ['gone', { n: SECRET }],
        ['still', { n: SECRET }],
      ]);
      const next = who === 'the same sink' ? sink : context.sink();
      await context.target(next);
      await write(next, target, 6n, [
        ['u', { n: 2 }],
        ['gone', 'DELETE'],
        ['other', { n: 3 }],
      ]);
      expect((await letters()).map((l) => l.documentId)).toEqual(['still']);
      const resolved = await letters('resolved');
      expect(resolved.map((l) => l.documentId).sort()).toEqual(['gone', 'u']);
      expect(resolved.every((l) => l.body === null && l.reason === null && l.closedAt !== null)).toBe(true);
      // Refused again: open again.
      await write(next, target, 7n, [['u', { n: SECRET }]]);
      expect((await letters()).map((l) => l.documentId).sort()).toEqual(['still', 'u']);
    },
  );

  it('closes them also when there are more than it remembers', async () => {
    const sink = context.sink({ tuning: { maxOpenLetters: 2 } });
    const target = await context.target(sink);
    await write(sink, target, 4n, [['seed', { n: 1 }]]);
    const ids = ['a', 'b', 'c', 'd'];
    await write(
      sink,
      target,
      5n,
      ids.map((id): State => [id, { n: SECRET }]),
    );
    const later = context.sink({ tuning: { maxOpenLetters: 2 } });
    await context.target(later);
    await write(
      later,
      target,
      6n,
      ids.map((id): State => [id, { n: 1 }]),
    );
    expect(await letters()).toEqual([]);
    expect(await letters('resolved')).toHaveLength(4);
  });

  it('lets an operator give one up, which a newer refusal opens again', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 4n, [['seed', { n: 1 }]]);
    await write(sink, target, 5n, [['u', { n: SECRET }]]);
    const [letter] = await letters();
    const discarded = await context.letters.discard(letter!.id, { reason: 'test data', by: 'ops' });
    expect(discarded).toMatchObject({ state: 'discarded', discardedBy: 'ops', discardReason: 'test data' });
    expect(await context.letters.discard(letter!.id, { reason: 'again', by: 'x' })).toMatchObject({
      discardedBy: 'ops',
    });
    await write(sink, target, 5n, [['u', { n: SECRET }]]);
    expect(await letters()).toEqual([]);
    await write(sink, target, 6n, [['u', { n: SECRET }]]);
    expect(await letters()).toHaveLength(1);
    await expect(context.letters.get('dl_nope')).rejects.toMatchObject({ code: 'DEAD_LETTER_UNKNOWN' });
  });

  it('lists page by page and by filter', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 4n, [['seed', { n: 1, d: 1 }]]);
    await write(
      sink,
      target,
      5n,
      Array.from({ length: 5 }, (_, i): State => [`p${i}`, i < 3 ? { n: SECRET } : { d: SECRET }]),
    );
    await letters();
    const seen: string[] = [];
    let pageToken: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof context.letters.list>> = await context.letters.list({
        connectorId: context.connectorId,
        pageSize: 2,
        ...(pageToken === null ? {} : { pageToken }),
      });
      seen.push(...page.items.map((l) => l.documentId));
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
    expect(seen.sort()).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    expect((await context.letters.list({ connectorId: context.connectorId, field: 'd' })).items).toHaveLength(2);
    expect((await context.letters.list({ connectorId: 'con_other' })).items).toEqual([]);
    await expect(context.letters.list({ connectorId: context.connectorId, pageToken: 'x' })).rejects.toMatchObject({
      code: 'API_REQUEST_INVALID',
    });
    await context.letters.deleteByConnector(context.connectorId);
    expect(await letters()).toEqual([]);
  });

  it('does not return before they are stored: a state cluster that blocks is waited for', async () => {
    const sink = context.sink();
    const target = await context.target(sink);
    await write(sink, target, 4n, [['seed', { n: 1 }]]);
    const index = context.lettersIndex;
    await context.client.indices.putSettings({ index, settings: { 'index.blocks.write': true } });
    let lifted: Promise<unknown> | undefined;
    const { result, conditions } = await write(sink, target, 5n, [['u', { n: SECRET }]], {
      onCondition: (condition) => {
        if (condition === null) return;
        lifted = context.client.indices.putSettings({ index, settings: { 'index.blocks.write': null } });
      },
    });
    await lifted;
    expect(result.deadLettered).toBe(1);
    expect(conditions).toEqual(['SINK_READ_ONLY', null]);
    expect(await letters()).toHaveLength(1);
  });
});
