import { classifyElasticError, stateAlias, type ElasticClient } from '@lockstep/elastic';
import type { DeadLetter } from './dead-letter.js';
import { readLetters, type StoredLetter } from './letter-batch.js';

export interface RepairQueueOptions {
  /** The cluster of our own state. */
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly connectorId: string;
  readonly generation: number;
  /** Ordinal of the partition that tries them. */
  readonly partition: number;
}

/** An open dead letter whose retry is asked for. */
export type MarkedLetter = Pick<DeadLetter, 'id' | 'namespace' | 'documentId' | 'originalId'> & {
  readonly requestedAt: string;
};

/** What a turn works on needs no content: some hundred kept bodies would not fit. */
const MEMBERS = ['id', 'state', 'namespace', 'documentId', 'originalId', 'retry'] as const;

/** Dead letters of one connector that an operator wants tried again. */
export class RepairQueue {
  private readonly alias: string;

  constructor(private readonly options: RepairQueueOptions) {
    this.alias = stateAlias(options.prefix, 'dead-letters');
  }

  /**
   * Ids of marked letters, the oldest wishes first; some may be settled already.
   * @param max 1 … 10 000
   * @param isFresh makes the search see what was settled a moment ago
   */
  async next(max: number, isFresh: boolean): Promise<readonly string[]> {
    if (isFresh) await this.refresh();
    return this.search(max);
  }

  /** Those of the letters that are marked now. An `originalId` can be large: a few hundred at a time. */
  async read(ids: readonly string[]): Promise<readonly MarkedLetter[]> {
    const stored = await readLetters(this.options.client, this.alias, ids, { only: MEMBERS });
    return ids.flatMap((id) => marked(stored.get(id)?.letter) ?? []);
  }

  /**
   * Takes the mark off letters that were tried and are still open, unless they were marked anew meanwhile.
   * @param note why they could not be tried; null when they were
   */
  async settle(letters: readonly MarkedLetter[], note: string | null): Promise<void> {
    const { client } = this.options;
    let pending = letters;
    while (pending.length > 0) {
      const ids = pending.map(({ id }) => id);
      const stored = await readLetters(client, this.alias, ids, { only: MEMBERS });
      const writes = pending.flatMap((letter) => {
        const current = stored.get(letter.id);
        return current !== undefined && isSameWish(current, letter) ? [{ letter, current }] : [];
      });
      if (writes.length === 0) return;
      pending = await this.unmark(writes, note);
    }
  }

  private async unmark(
    writes: readonly { readonly letter: MarkedLetter; readonly current: StoredLetter }[],
    note: string | null,
  ): Promise<readonly MarkedLetter[]> {
    const operations = writes.flatMap(({ letter, current }): object[] => [
      { update: { _id: letter.id, if_seq_no: current.seqNo, if_primary_term: current.primaryTerm } },
      { doc: { retry: null, note } },
    ]);
    try {
      const answer = await this.options.client.bulk({ index: this.alias, require_alias: true, operations });
      const conflicts = new Set(answer.items.flatMap(({ update }) => (update?.status === 409 ? [update._id] : [])));
      return writes.flatMap(({ letter }) => (conflicts.has(letter.id) ? [letter] : []));
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async refresh(): Promise<void> {
    try {
      await this.options.client.indices.refresh({ index: this.alias });
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async search(max: number): Promise<readonly string[]> {
    const { client, connectorId, generation, partition } = this.options;
    try {
      const answer = await client.search({
        index: this.alias,
        query: {
          bool: {
            filter: [
              { term: { connectorId } },
              { term: { generation } },
              ofPartition(partition),
              { term: { state: 'open' } },
              { exists: { field: 'retry.requestedAt' } },
            ],
          },
        },
        sort: [{ 'retry.requestedAt': 'asc' }, { id: 'asc' }],
        size: max,
        _source: false,
        track_total_hits: false,
      });
      return answer.hits.hits.flatMap((hit) => hit._id ?? []);
    } catch (error) {
      throw classifyElasticError(error);
    }
  }
}

function marked(letter: DeadLetter | undefined): MarkedLetter | null {
  if (letter?.state !== 'open' || letter.retry === undefined || letter.retry === null) return null;
  const { id, namespace, documentId, originalId, retry } = letter;
  return { id, namespace, documentId, originalId, requestedAt: retry.requestedAt };
}

function isSameWish({ letter }: StoredLetter, wish: MarkedLetter): boolean {
  return letter.state === 'open' && letter.retry?.requestedAt === wish.requestedAt;
}

/** Letters without a partition are older than partitions are. */
function ofPartition(partition: number): object {
  if (partition > 0) return { term: { partition } };
  return { bool: { must_not: { range: { partition: { gt: 0 } } } } };
}
