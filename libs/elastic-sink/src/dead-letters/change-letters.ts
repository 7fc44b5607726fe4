import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { LockstepError } from '@lockstep/core';
import type { DeadLetter } from './dead-letter.js';

export interface ChangeLettersOptions {
  readonly client: ElasticClient;
  readonly alias: string;
  /** Letters that still need the change; one that is changed must no longer match. */
  readonly query: object;
  /** Members that are replaced. */
  readonly change: Partial<DeadLetter>;
}

const PAGE_DOCS = 1_000;
/** Passes over what somebody else changed in between. */
const MAX_PASSES = 10;

interface Page {
  readonly operations: readonly object[];
  readonly last: readonly unknown[] | null;
}

/**
 * Makes the same change to every dead letter of a query, in bounded memory: contents are neither read nor
 * sent. One that was changed since it was found is looked at again.
 * @returns how many were changed
 */
export async function changeLetters(options: ChangeLettersOptions): Promise<number> {
  const { client, alias } = options;
  let changed = 0;
  try {
    for (let pass = 0; pass < MAX_PASSES; pass++) {
      await client.indices.refresh({ index: alias });
      const { done, conflicts } = await changeOnce(options);
      changed += done;
      if (conflicts === 0) break;
    }
    await client.indices.refresh({ index: alias });
    return changed;
  } catch (error) {
    throw classifyElasticError(error);
  }
}

async function changeOnce(options: ChangeLettersOptions): Promise<{ done: number; conflicts: number }> {
  const { client, alias } = options;
  let [done, conflicts] = [0, 0];
  let after: readonly unknown[] | null = null;
  for (;;) {
    const page: Page = await nextPage(options, after);
    if (page.operations.length === 0) return { done, conflicts };
    after = page.last;
    const answer = await client.bulk({ index: alias, require_alias: true, operations: [...page.operations] });
    for (const { update } of answer.items) {
      if (update?.error === undefined) done++;
      // 404: it was removed with its connector or by age.
      else if (update.status === 409 || update.status === 404) conflicts++;
      else throw new LockstepError('SINK_REQUEST_FAILED', `changing dead letters: ${update.error.type}`);
    }
  }
}

async function nextPage({ client, alias, query, change }: ChangeLettersOptions, after: readonly unknown[] | null) {
  const answer = await client.search({
    index: alias,
    query,
    sort: [{ id: 'asc' }],
    size: PAGE_DOCS,
    _source: false,
    seq_no_primary_term: true,
    track_total_hits: false,
    ...(after === null ? {} : { search_after: [...after] as never }),
  });
  const operations = answer.hits.hits.flatMap((hit): object[] => [
    { update: { _id: hit._id, if_seq_no: hit._seq_no, if_primary_term: hit._primary_term } },
    { doc: change },
  ]);
  return { operations, last: answer.hits.hits.at(-1)?.sort ?? null };
}
