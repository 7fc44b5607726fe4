import type { RefusedId } from '@lockstep/contracts';
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

export interface OpenLettersOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly target: Omit<DeadLetterKey, 'documentId'>;
}

export interface LoadOpenLettersOptions extends OpenLettersOptions {
  readonly maxIds: number;
}

const PAGE_DOCS = 1_000;
const PAGE_REFUSED = 200;

export async function loadOpenLetters(options: LoadOpenLettersOptions): Promise<OpenLetters> {
  const open = new OpenLetters(options.maxIds);
  let loaded = 0;
  for await (const page of walkOpenLetters(options, ['documentId'], PAGE_DOCS)) {
    for (const { documentId } of page) open.add(documentId);
    loaded += page.length;
    if (loaded > options.maxIds) break;
  }
  return open;
}

/** Documents of a target with an open dead letter. An `_id` can be large: a few hundred at a time. */
export function walkRefused(options: OpenLettersOptions): AsyncGenerator<readonly RefusedId[]> {
  return walkOpenLetters(options, ['documentId', 'originalId'], PAGE_REFUSED);
}

/** Members of the open dead letters of a target, in the order of document ids; a thousand kept bodies would not fit. */
async function* walkOpenLetters<M extends keyof DeadLetter>(
  { client, prefix, target }: OpenLettersOptions,
  members: readonly M[],
  pageSize: number,
): AsyncGenerator<readonly Pick<DeadLetter, M | 'documentId'>[]> {
  const alias = stateAlias(prefix, 'dead-letters');
  const { connectorId, namespace, generation } = target;
  const filter = Object.entries({ connectorId, namespace, generation, state: 'open' }).map(([name, value]) => ({
    term: { [name]: value },
  }));
  let after: string | undefined;
  // The holder before us may have stored some a moment ago.
  await asked(client.indices.refresh({ index: alias }));
  do {
    const answer = await asked(
      client.search<Pick<DeadLetter, M | 'documentId'>>({
        index: alias,
        query: { bool: { filter } },
        sort: [{ documentId: 'asc' }],
        size: pageSize,
        _source: [...members],
        track_total_hits: false,
        ...(after === undefined ? {} : { search_after: [after] }),
      }),
    );
    const page = answer.hits.hits.flatMap(({ _source }) => _source ?? []);
    after = page.at(-1)?.documentId;
    if (page.length > 0) yield page;
  } while (after !== undefined);
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw classifyElasticError(error);
  }
}
