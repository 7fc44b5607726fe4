import { stateAlias, classifyElasticError, DocumentStore, type ElasticClient } from '@lockstep/elastic';
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
  try {
    // The holder before us may have stored some a moment ago.
    await client.indices.refresh({ index: alias });
  } catch (error) {
    throw classifyElasticError(error);
  }
  const store = new DocumentStore<DeadLetter>(client, alias);
  const query = {
    bool: {
      filter: [
        { term: { connectorId: target.connectorId } },
        { term: { namespace: target.namespace } },
        { term: { generation: target.generation } },
        { term: { state: 'open' } },
      ],
    },
  };
  let searchAfter: readonly unknown[] | null = null;
  let loaded = 0;
  do {
    const page: Awaited<ReturnType<typeof store.search>> = await store.search({
      query,
      sort: [{ documentId: 'asc' }],
      size: PAGE_DOCS,
      ...(searchAfter === null ? {} : { searchAfter }),
    });
    for (const { source } of page.documents) open.add(source.documentId);
    loaded += page.documents.length;
    searchAfter = page.lastSort;
  } while (searchAfter !== null && loaded <= maxIds);
  return open;
}
