import { MongoClient } from 'mongodb';
import type { ComparedSides, Comparison } from '../comparer/compare-both-sides.js';
import { expectInLockstep, type LockstepExpectation } from '../comparer/expect-in-lockstep.js';
import { eventually } from '../eventually.js';
import { httpText } from '../http-json.js';
import { REFUSED, TAKEN, type HostileDocument } from './hostile-document.js';

export interface SettledSides extends Omit<ComparedSides, 'filter' | 'except'> {
  /** Where the admin API answers. */
  readonly apiUrl: string;
  readonly connectorId: string;
}

export interface Settled extends Comparison {
  /** Documents that stand as open dead letters, and are not in the index. */
  readonly refused: number;
}

/**
 * Waits until everything that a hostile writer wrote has found its place: what the index takes is there as it is in
 * the source, what it refuses is not there at all, and exactly that stands as open dead letters.
 * @throws Error with the first differences when it does not come to that in time
 */
export async function expectSettled(sides: SettledSides, options: LockstepExpectation = {}): Promise<Settled> {
  const comparison = await expectInLockstep({ ...sides, filter: TAKEN }, options);
  const wanted = await refusedIds(sides);
  await eventually(
    async () => {
      const open = await openLetterIds(sides);
      const unkept = [...wanted].filter((id) => !open.has(id));
      const needless = [...open].filter((id) => !wanted.has(id));
      if (unkept.length + needless.length === 0) return true;
      throw new Error(`refused without a dead letter: ${some(unkept)}; dead letters for nothing: ${some(needless)}`);
    },
    { timeoutMs: options.timeoutMs ?? 30_000, what: `the dead letters of ${sides.database}.${sides.collection}` },
  );
  return { ...comparison, refused: wanted.size };
}

function some(ids: readonly string[]): string {
  return `${ids.length} (${ids.slice(0, 5).join(', ')})`;
}

async function refusedIds({ mongodbUrl, database, collection }: SettledSides): Promise<ReadonlySet<string>> {
  const client = new MongoClient(mongodbUrl, { serverSelectionTimeoutMS: 20_000 });
  try {
    const documents = client.db(database).collection<HostileDocument>(collection);
    const found = documents.find(REFUSED, { projection: { _id: 1 }, readConcern: { level: 'majority' } });
    return new Set((await found.toArray()).map(({ _id }) => _id));
  } finally {
    await client.close();
  }
}

async function openLetterIds(sides: SettledSides): Promise<ReadonlySet<string>> {
  const path = `/api/v1/connectors/${sides.connectorId}/dead-letters/export`;
  const { status, body } = await httpText(`${sides.apiUrl}${path}`, { timeoutMs: 60_000 });
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body.slice(0, 500)}`);
  const letters = body.split('\n').filter((line) => line !== '');
  const namespace = `${sides.database}.${sides.collection}`;
  return new Set(
    letters
      .map((line) => JSON.parse(line) as { readonly documentId: string; readonly namespace: string })
      .filter((letter) => letter.namespace === namespace)
      .map(({ documentId }) => documentId),
  );
}
