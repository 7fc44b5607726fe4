import type { Collection, Document } from 'mongodb';
import { Int32 } from 'mongodb';
import { eventually, httpJson } from '@lockstep/testing';
import { ChaosHarness, PATIENCE_MS } from './chaos-harness';

const SOON = { timeoutMs: PATIENCE_MS, intervalMs: 250 };
const REFUSED = 5;
const IN_PLACE = { mode: 'inPlace' };

interface Letter {
  readonly id: string;
  readonly state: string;
  readonly documentId: string;
  readonly originalId: string;
  readonly code: string;
  readonly field: string | null;
  readonly seenCount: number;
  readonly note: string | null;
  readonly retry: unknown;
}

jest.setTimeout(2 * PATIENCE_MS);

describe('repairs of dead letters beside what else goes on', () => {
  const chaos = new ChaosHarness();
  /** `amount` has to be a number; the text makes a scan take its time where the source is slow. */
  const document = (n: number, amount: unknown = n): Document => ({
    _id: new Int32(n),
    amount,
    text: 'x'.repeat(4_000),
  });
  const refused = (from: number): Document[] =>
    Array.from({ length: REFUSED }, (_, n) => document(from + n, `about ${from + n}`));

  const lettersOf = async (id: string, state = 'open'): Promise<readonly Letter[]> => {
    const { body } = await chaos.lockstep.call(
      'GET',
      `/api/v1/connectors/${id}/dead-letters?state=${state}&pageSize=100`,
    );
    return body.items as Letter[];
  };
  const retry = async (id: string): Promise<number> => {
    const { status, body } = await chaos.lockstep.call('POST', `/api/v1/connectors/${id}/dead-letters/actions/retry`);
    expect(status).toBe(202);
    return body.count as number;
  };
  const settled = (id: string): Promise<boolean> =>
    eventually(async () => (await lettersOf(id)).every((letter) => letter.retry === null), {
      ...SOON,
      what: 'all retries to be made',
    });
  /** Every dead letter is closed. */
  const allClosed = (id: string): Promise<boolean> =>
    eventually(async () => (await lettersOf(id)).length === 0, { ...SOON, what: 'no open dead letter' });
  const orders = (name: string): Collection<Document> => chaos.db.collection(name);

  /** A connector of its own over the collections, whose refused documents are dead letters. */
  async function synced(name: string, collections: readonly string[], letters: number): Promise<string> {
    const { sink, ...definition } = chaos.definition(name, collections);
    const mappings = { properties: { amount: { type: 'long' }, text: { type: 'keyword', index: false } } };
    const id = await chaos.lockstep.sync({ ...definition, sink: { ...(sink as object), mappings, brakeRatio: 1 } });
    await eventually(async () => (await lettersOf(id)).length === letters, {
      ...SOON,
      what: `${letters} dead letters`,
    });
    return id;
  }
  /** From now on the index takes what it refused before. */
  async function mend(name: string, collection: string): Promise<void> {
    const body = { properties: { amount: { type: 'long', ignore_malformed: true } } };
    const url = `${chaos.elasticsearchUrl}/${chaos.index(name, collection)}/_mapping`;
    expect((await httpJson(url, { method: 'PUT', body })).status).toBe(200);
  }
  async function addOrphans(name: string, collection: string, count: number): Promise<void> {
    const line = (n: number): string => `{"index":{"_id":"{\\"$number\\":\\"${1_000_000 + n}\\"}"}}\n{"amount":1}\n`;
    const url = `${chaos.elasticsearchUrl}/${chaos.index(name, collection)}-000001/_bulk?refresh=true`;
    const headers = { 'content-type': 'application/x-ndjson' };
    const lines = Array.from({ length: count }, (_, n) => line(n)).join('');
    const answer = await fetch(url, { method: 'POST', headers, body: lines });
    expect(await answer.json()).toMatchObject({ errors: false });
  }

  beforeAll(() => chaos.start({ LOCKSTEP_SCAN_TURN_MS: '100' }), PATIENCE_MS);
  afterAll(() => chaos.stop(), PATIENCE_MS);

  it('are made while a scan is under way', async () => {
    const count = 2_000;
    await orders('scanned').insertMany(Array.from({ length: count }, (_, n) => document(n)));
    await orders('scanned').insertMany(refused(count));
    const id = await synced('scan', ['scanned'], REFUSED);
    await mend('scan', 'scanned');
    // Eight megabytes at this rate: the scan is over long after the repairs.
    chaos.mongodb.inject({ kind: 'slow', bytesPerSecond: 400_000 });
    const jobId = (await chaos.lockstep.act(id, 'resync', IN_PLACE))!;
    await eventually(async () => (await chaos.lockstep.job(jobId)).progress.done > 0, { ...SOON, what: 'the scan' });
    expect(await retry(id)).toBe(REFUSED);
    await allClosed(id);
    const { state, progress } = await chaos.lockstep.job(jobId);
    expect([state, progress.phase]).toEqual(['running', 'scanning']);
    await orders('scanned').updateOne({ _id: new Int32(count) }, { $set: { amount: 'newer' } });
    chaos.mongodb.heal();
    await chaos.untilJob(jobId, 'completed');
    expect(await chaos.expectInLockstep('scan', 'scanned')).toBe(count + REFUSED);
  });

  it('are made while a sweep is under way', async () => {
    await orders('swept').insertMany([document(1), ...refused(10)]);
    const id = await synced('sweep', ['swept'], REFUSED);
    await addOrphans('sweep', 'swept', 20_000);
    const jobId = (await chaos.lockstep.act(id, 'resync', IN_PLACE))!;
    // Twenty pages of ids, each of which takes longer than a turn.
    chaos.mongodb.inject({ kind: 'delay', delayMs: 300 });
    await eventually(async () => (await chaos.lockstep.job(jobId)).progress.phase === 'sweeping', {
      ...SOON,
      what: 'the sweep',
    });
    // Only now: the scan would have closed the letters.
    await mend('sweep', 'swept');
    expect(await retry(id)).toBe(REFUSED);
    await allClosed(id);
    const { state, progress } = await chaos.lockstep.job(jobId);
    expect([state, progress.phase]).toEqual(['running', 'sweeping']);
    chaos.mongodb.heal();
    await chaos.untilJob(jobId, 'completed');
    expect(await chaos.expectInLockstep('sweep', 'swept')).toBe(1 + REFUSED);
  });

  it('are not made of a collection that was dropped, and say so; its target is kept', async () => {
    await orders('dropped').insertMany([document(1), document(2), ...refused(10)]);
    await orders('stays').insertMany([document(1), ...refused(10)]);
    const id = await synced('drop', ['dropped', 'stays'], 2 * REFUSED);
    for (const name of ['dropped', 'stays']) await mend('drop', name);
    await chaos.lockstep.act(id, 'pause');
    await eventually(async () => (await chaos.lockstep.connector(id)).observedState === 'paused', SOON);
    await orders('dropped').drop();
    expect(await retry(id)).toBe(2 * REFUSED);
    await chaos.lockstep.act(id, 'resume');
    await settled(id);
    const notes = async (): Promise<readonly (string | null)[]> => (await lettersOf(id)).map(({ note }) => note);
    expect(await notes()).toEqual(Array.from({ length: REFUSED }, () => expect.stringMatching(/is not followed/)));
    expect(await chaos.expectInLockstep('drop', 'stays')).toBe(1 + REFUSED);
    await chaos.untilCondition(id, 'SOURCE_STREAM_INVALIDATED');
    const { body } = await httpJson(`${chaos.elasticsearchUrl}/${chaos.index('drop', 'dropped')}/_count`);
    expect(body.count).toBe(2);

    // The same when it is known to be gone.
    expect(await retry(id)).toBe(REFUSED);
    await settled(id);
    expect(await notes()).toEqual(Array.from({ length: REFUSED }, () => expect.stringMatching(/is not followed/)));

    // One of them is there again; a resync takes the collection up, and its sweep closes the letters of the others.
    await orders('dropped').insertMany([document(1), document(10)]);
    await chaos.untilJob((await chaos.lockstep.act(id, 'resync', { collections: ['dropped'] }))!, 'completed');
    await allClosed(id);
    expect(await chaos.expectInLockstep('drop', 'dropped')).toBe(2);
  });

  it('are made of documents that could not be converted', async () => {
    const long = 'y'.repeat(2_000);
    const good = Buffer.from('\b' + 'broken\0' + '\u0001', 'latin1');
    const bad = Buffer.from('\b' + 'broken\0' + '\u0002', 'latin1');
    const broken = { broken: true };
    const ids = [1, long];
    await orders('corrupt').insertMany([{ _id: 0, n: 1 }, ...ids.map((_id) => ({ _id, ...broken }))] as never[]);
    // The scan begins at the time of the newest write, which shall be none of these: the stream would take it again.
    await orders('later').insertOne({}, { writeConcern: { w: 'majority' } });
    chaos.mongodb.inject({ kind: 'corruptAnswer', bytes: good, by: bad });
    const id = await synced('corrupt', ['corrupt'], ids.length);
    expect(await retry(id)).toBe(ids.length);
    await settled(id);
    const letters = await lettersOf(id);
    expect(letters.map(({ originalId }) => originalId).sort()).toEqual([long, '{"$number":"1"}']);
    for (const letter of letters) {
      expect(letter).toMatchObject({ code: 'SOURCE_DOCUMENT_CORRUPT', field: 'broken', seenCount: 2, note: null });
    }
    chaos.mongodb.heal();
    expect(await retry(id)).toBe(ids.length);
    await allClosed(id);
    expect(await chaos.expectInLockstep('corrupt', 'corrupt')).toBe(3);
  });
});
