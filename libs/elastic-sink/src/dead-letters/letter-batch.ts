import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { LockstepError } from '@lockstep/core';
import { stateItemCode } from '../write/state-change.js';
import type { DeadLetter } from './dead-letter.js';

/** A dead letter as it is stored, with what a compare-and-set names. */
export interface StoredLetter {
  readonly letter: DeadLetter;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

export interface LetterWrite {
  readonly letter: DeadLetter;
  /** What was read; undefined creates. */
  readonly current: StoredLetter | undefined;
}

/** What is read of each letter. */
export interface LetterMembers {
  /** These only. */
  readonly only?: readonly (keyof DeadLetter)[];
  /** All but these. */
  readonly without?: readonly (keyof DeadLetter)[];
}

/** Realtime reads of several dead letters. */
export async function readLetters(
  client: ElasticClient,
  alias: string,
  ids: readonly string[],
  { only, without }: LetterMembers,
): Promise<Map<string, StoredLetter>> {
  try {
    const answer = await client.mget<DeadLetter>({
      index: alias,
      ids: [...ids],
      ...(only === undefined ? {} : { _source_includes: [...only] }),
      ...(without === undefined ? {} : { _source_excludes: [...without] }),
    });
    const found = new Map<string, StoredLetter>();
    for (const doc of answer.docs) {
      if ('error' in doc) throw new LockstepError('SINK_REQUEST_FAILED', `reading dead letters: ${doc.error.type}`);
      if (!doc.found || doc._source === undefined) continue;
      found.set(doc._id, { letter: doc._source, seqNo: doc._seq_no ?? -1, primaryTerm: doc._primary_term ?? -1 });
    }
    return found;
  } catch (error) {
    throw classifyElasticError(error);
  }
}

/**
 * Writes dead letters by compare-and-set.
 * @returns ids that somebody else changed since they were read: read them and decide again
 * @throws LockstepError when one of them could not be stored; none is ever dropped
 */
export async function writeLetters(
  client: ElasticClient,
  alias: string,
  writes: readonly LetterWrite[],
): Promise<readonly string[]> {
  const operations = writes.flatMap(({ letter, current }) => [actionOf(letter.id, current), letter]);
  try {
    const answer = await client.bulk({ index: alias, require_alias: true, operations });
    const changed: string[] = [];
    for (const [position, item] of answer.items.entries()) {
      const result = item.index ?? item.create;
      if (result?.error === undefined) continue;
      if (result.status === 409) changed.push(writes[position]?.letter.id ?? '');
      else throw new LockstepError(stateItemCode(result.status), `storing dead letters: ${result.error.type}`);
    }
    return changed;
  } catch (error) {
    throw classifyElasticError(error);
  }
}

function actionOf(id: string, current: StoredLetter | undefined): object {
  if (current === undefined) return { create: { _id: id } };
  return { index: { _id: id, if_seq_no: current.seqNo, if_primary_term: current.primaryTerm } };
}
