import { Double, Int32, Long, MongoClient, ObjectId, type Collection, type Document } from 'mongodb';
import {
  compareBothSides,
  eventually,
  expectInLockstep,
  httpJson,
  isInLockstep,
  testServers,
  uniqueName,
  type ComparedSides,
} from '@lockstep/testing';

jest.setTimeout(60_000);

const { mongodbUrl, elasticsearchUrl } = testServers();
/** More than one page of the comparer's search. */
const COUNT = 1_100;
const ids = Array.from({ length: COUNT + 1 }, (_, n) => n.toString(16).padStart(24, '0'));
const [FIRST, SECOND, UNUSED] = [ids[0]!, ids[1]!, ids[COUNT]!] as const;

function sourceDocument(n: number): Document {
  return {
    _id: new ObjectId(ids[n]),
    big: Long.fromBigInt(9_007_199_254_740_993n + BigInt(n)),
    ratio: new Double(1),
    count: new Int32(1),
    title: `title ${n}`,
    nothing: null,
    list: [new Int32(1), 'two', { three: new Int32(3) }],
  };
}

const AGREED = { checked: COUNT, missing: [], extra: [], resurrected: [], wrong: [], stale: [] };

/** The same by hand, as text: nothing here is made by the code that is tested. */
function indexText(n: number): string {
  const big = (9_007_199_254_740_993n + BigInt(n)).toString();
  return `{"big":${big},"ratio":1.0,"count":1,"title":"title ${n}","nothing":null,"list":[1,"two",{"three":3}]}`;
}

describe('the comparer', () => {
  const client = new MongoClient(mongodbUrl);
  const name = uniqueName('compared');
  const sides: ComparedSides = { mongodbUrl, elasticsearchUrl, database: name, collection: 'things', index: name };
  let things: Collection;

  const put = async (id: string, body: string): Promise<void> => {
    const answer = await httpJson(`${elasticsearchUrl}/${name}/_doc/${id}`, { method: 'PUT', body });
    expect([200, 201]).toContain(answer.status);
  };
  const remove = (id: string) => httpJson(`${elasticsearchUrl}/${name}/_doc/${id}`, { method: 'DELETE' });

  beforeAll(async () => {
    await client.connect();
    things = client.db(name).collection('things');
    await things.insertMany(Array.from({ length: COUNT }, (_, n) => sourceDocument(n)));
    const lines = Array.from({ length: COUNT }, (_, n) => `{"index":{"_id":"${ids[n]}"}}\n${indexText(n)}\n`);
    // Not mapped: what is compared is the source, and a defect must not be refused for its type.
    const settings = { mappings: { dynamic: false } };
    expect((await httpJson(`${elasticsearchUrl}/${name}`, { method: 'PUT', body: settings })).status).toBe(200);
    const bulk = await httpJson(`${elasticsearchUrl}/${name}/_bulk`, { body: lines.join('') });
    expect(bulk.body).toMatchObject({ errors: false });
  });

  afterAll(async () => {
    await httpJson(`${elasticsearchUrl}/${name}`, { method: 'DELETE' });
    await client.db(name).dropDatabase();
    await client.close();
  });

  // Every defect is taken back: the next case starts from equal sides, and shows it.
  beforeEach(async () => {
    expect(await compareBothSides(sides)).toEqual(AGREED);
  });
  afterEach(async () => {
    await put(FIRST, indexText(0));
    await put(SECOND, indexText(1));
    await remove(UNUSED);
  });

  it('finds nothing on equal sides, in any order of fields', async () => {
    const others = indexText(0).replace('"title":"title 0",', '').slice(1);
    await put(FIRST, `{ "title" : "title 0", ${others}`);
    expect(isInLockstep(await compareBothSides(sides))).toBe(true);
  });

  it('finds a document that is missing', async () => {
    await remove(SECOND);
    expect(await compareBothSides(sides)).toEqual({ ...AGREED, missing: [SECOND] });
  });

  it('finds a document too many', async () => {
    await put(UNUSED, indexText(COUNT));
    expect(await compareBothSides(sides)).toEqual({ ...AGREED, extra: [UNUSED] });
  });

  it.each<[string, (text: string) => string]>([
    ['a wrong value', (text) => text.replace('title 0', 'title 1')],
    ['an int64 that is off by one', (text) => text.replace('9007199254740993', '9007199254740992')],
    ['a double that became an integer', (text) => text.replace('1.0', '1')],
    ['an integer that became a double', (text) => text.replace('"count":1', '"count":1.0')],
    ['a number that became text', (text) => text.replace('"count":1', '"count":"1"')],
    ['a lost field', (text) => text.replace('"title":"title 0",', '')],
    ['a lost field that was null', (text) => text.replace('"nothing":null,', '')],
    ['a field too many', (text) => text.replace('{', '{"more":1,')],
    ['another order in a list', (text) => text.replace('1,"two"', '"two",1')],
    ['a lost field of an object in a list', (text) => text.replace('{"three":3}', '{}')],
    ['the content of another document', () => indexText(1)],
  ])('finds %s', async (_what, change) => {
    expect(change(indexText(0))).not.toBe(indexText(0));
    await put(FIRST, change(indexText(0)));
    expect(await compareBothSides(sides)).toEqual({ ...AGREED, wrong: [FIRST] });
  });

  describe('knowing what the source has held', () => {
    // `big` stands for the revision.
    const history = { hasHeld: (id: string) => id === UNUSED, revisionField: 'big' };
    const known = { ...sides, history };
    const withRevision = (revision: string): string => indexText(0).replace('9007199254740993', revision);

    it('tells a document that came back from one that never was', async () => {
      await put(UNUSED, indexText(COUNT));
      expect(await compareBothSides(known)).toEqual({ ...AGREED, resurrected: [UNUSED] });
      const never = { ...known, history: { ...history, hasHeld: () => false } };
      expect(await compareBothSides(never)).toEqual({ ...AGREED, extra: [UNUSED] });
    });

    it.each([
      ['out of date', 'an earlier revision', 'stale', withRevision('9007199254740992')],
      ['wrong', 'a revision that the source has not had', 'wrong', withRevision('9007199254740994')],
      ['wrong', 'the revision, but other content', 'wrong', indexText(0).replace('title 0', 'title 1')],
      ['wrong', 'no revision', 'wrong', '{}'],
    ])('calls a document %s that has %s', async (_called, _what, list, text) => {
      await put(FIRST, text);
      expect(await compareBothSides(known)).toEqual({ ...AGREED, [list]: [FIRST] });
      await expect(expectInLockstep(known, { timeoutMs: 10 })).rejects.toThrow(`${list} 1 (${FIRST})`);
    });
  });

  it('leaves out what it is told to, and what a filter does not want', async () => {
    await put(FIRST, '{}');
    await put(UNUSED, '{}');
    const { extra, wrong } = await compareBothSides({ ...sides, except: new Set([FIRST, UNUSED]) });
    expect([extra, wrong]).toEqual([[], []]);
    const filtered = await compareBothSides({ ...sides, filter: { title: { $ne: 'title 1' } } });
    expect(filtered).toEqual({
      ...AGREED,
      checked: COUNT - 1,
      extra: expect.arrayContaining([SECOND, UNUSED]),
      wrong: [FIRST],
    });
  });

  it('waits until both sides agree, and tells the difference when they do not', async () => {
    await put(FIRST, '{}');
    await expect(expectInLockstep(sides, { timeoutMs: 10 })).rejects.toThrow(`wrong 1 (${FIRST})`);
    const waiting = expectInLockstep(sides, { timeoutMs: 30_000 });
    await put(FIRST, indexText(0));
    await expect(waiting).resolves.toMatchObject({ checked: COUNT });
  });

  it('fails when it cannot look', async () => {
    await expect(compareBothSides({ ...sides, index: `${name}-nothing` })).rejects.toThrow('answered 404');
    await expect(eventually(() => compareBothSides(sides))).resolves.toMatchObject({ checked: COUNT });
  });
});
