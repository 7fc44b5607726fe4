import { stateAlias, classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import type { DeadLetter, DeadLetterKey } from './dead-letter.js';

/**
 * Ids of the documents of one target that have an open dead letter, so that a clean arrival can close
 * it. The plain path pays one look at a size that is 0. When there are more than are remembered,
 * every arrival may have one: then all of them are looked up, which is slow but right.
 */
export class OpenLetters {
  private readonly ids = new Set<string>();
  private isOverflowing = false;

  constructor(private readonly maxIds: number) {}

  get isEmpty(): boolean {
    return this.ids.size === 0 && !this.isOverflowing;
  }

  mayHave(documentId: string): boolean {
    return this.isOverflowing || this.ids.has(documentId);
  }

  add(documentId: string): void {
    if (this.ids.size < this.maxIds) this.ids.add(documentId);
    else if (!this.ids.has(documentId)) this.isOverflowing = true;
  }

  remove(documentId: string): void {
    this.ids.delete(documentId);
  }
}

export interface LoadOpenLettersOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly target: Omit<DeadLetterKey, 'documentId'>;
  readonly maxIds: number;
}

const PAGE_DOCS = 1_000;

export async function loadOpenLetters(options: LoadOpenLettersOptions): Promise<OpenLetters> {
  const { client, prefix, target, maxIds } = options;
  const alias = stateAlias(prefix, 'dead-letters');
  const open = new OpenLetters(maxIds);
  const { connectorId, namespace, generation } = target;
  const filter = Object.entries({ connectorId, namespace, generation, state: 'open' }).map(([name, value]) => ({
    term: { [name]: value },
  }));
  let after: string | undefined;
  let loaded = 0;
  try {
    // The holder before us may have stored some a moment ago.
    await client.indices.refresh({ index: alias });
    do {
      const answer = await client.search<Pick<DeadLetter, 'documentId'>>({
        index: alias,
        query: { bool: { filter } },
        sort: [{ documentId: 'asc' }],
        size: PAGE_DOCS,
        // A thousand kept bodies would not fit.
        _source: ['documentId'],
        track_total_hits: false,
        ...(after === undefined ? {} : { search_after: [after] }),
      });
      const ids = answer.hits.hits.flatMap(({ _source }) => _source?.documentId ?? []);
      for (const id of ids) open.add(id);
      loaded += ids.length;
      after = ids.at(-1);
    } while (after !== undefined && loaded <= maxIds);
  } catch (error) {
    throw classifyElasticError(error);
  }
  return open;
}
