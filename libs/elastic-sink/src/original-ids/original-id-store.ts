import { LockstepError, systemClock, type Clock } from '@lockstep/core';
import { classifyElasticError, removeMatching, stateAlias, type ElasticClient } from '@lockstep/elastic';
import { changeState, stateItemCode, type StateRun } from '../write/state-change.js';
import { originalIdKey, type OriginalIdDocument, type OriginalIdOwner } from './original-id-document.js';

export interface OriginalIdStoreOptions {
  /** The client of the cluster that holds our own state. */
  readonly client: ElasticClient;
  readonly prefix: string;
  /** @defaultValue the system's clock */
  readonly clock?: Clock;
}

/** A document with a hashed id that is about to be indexed. */
export interface KeptId {
  readonly owner: OriginalIdOwner;
  readonly documentId: string;
  readonly element: Buffer;
}

interface ItemResult {
  readonly status?: number;
  readonly error?: { readonly type?: string };
}

const PAGE_IDS = 500;
const PAGE_BYTES = 4 * 1_024 * 1_024;

/**
 * The `_id`s behind hashed ids: kept before their document is indexed, forgotten after it is gone, so that whatever is
 * in a target can be asked for in the source. One that is left over does no harm, nor does one that is lost: its
 * document stays where it is.
 */
export class OriginalIdStore {
  private readonly alias: string;

  constructor(private readonly options: OriginalIdStoreOptions) {
    this.alias = stateAlias(options.prefix, 'document-ids');
  }

  /** Returns when all of them are stored. @throws LockstepError JOB_ABORTED, or a permanent refusal of our own index */
  async keep(ids: readonly KeptId[], run: StateRun): Promise<void> {
    const { clock = systemClock } = this.options;
    const createdAt = new Date(clock.nowMs()).toISOString();
    for (const page of pagesOf(ids)) {
      const operations = page.flatMap(({ owner, documentId, element }): object[] => {
        const id = originalIdKey(owner, documentId);
        const document = {
          schema: 1,
          id,
          ...owner,
          documentId,
          element: element.toString('base64'),
          createdAt,
        } as const;
        return [{ create: { _id: id } }, document satisfies OriginalIdDocument];
      });
      await this.change(operations, run);
    }
  }

  /** Removes those of documents that are in the target no more. */
  async forget(ids: readonly Omit<KeptId, 'element'>[], run: StateRun): Promise<void> {
    for (let start = 0; start < ids.length; start += PAGE_IDS) {
      const page = ids.slice(start, start + PAGE_IDS);
      const operations = page.map(({ owner, documentId }) => ({ delete: { _id: originalIdKey(owner, documentId) } }));
      await this.change(operations, run);
    }
  }

  /** The elements that are kept of these ids, by id. */
  async elements(
    owner: OriginalIdOwner,
    documentIds: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Buffer>> {
    const found = new Map<string, Buffer>();
    if (documentIds.length === 0) return found;
    try {
      const ids = documentIds.map((documentId) => originalIdKey(owner, documentId));
      const answer = await this.options.client.mget<OriginalIdDocument>({ index: this.alias, ids }, { signal });
      for (const item of answer.docs) {
        if ('error' in item) throw new LockstepError('SINK_REQUEST_FAILED', `reading kept ids: ${item.error.type}`);
        if (item._source !== undefined) found.set(item._source.documentId, Buffer.from(item._source.element, 'base64'));
      }
      return found;
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  /** Removes all of a target that is removed, or of a connector. @returns how many */
  removeAll(
    of: Pick<OriginalIdOwner, 'connectorId'> & Partial<OriginalIdOwner>,
    signal?: AbortSignal,
  ): Promise<number> {
    const filter = Object.entries(of).map(([name, value]) => ({ term: { [name]: value } }));
    const { client } = this.options;
    const query = { bool: { filter } };
    return removeMatching({ client, alias: this.alias, query, ...(signal === undefined ? {} : { signal }) });
  }

  private async change(operations: readonly object[], run: StateRun): Promise<void> {
    const send = async (): Promise<readonly never[]> => {
      for (const { status = 0, error } of await this.send(operations)) {
        // 409: it was kept before, and nothing about it can have changed.
        if (error !== undefined && status !== 409) {
          throw new LockstepError(stateItemCode(status), `keeping ids: ${error.type ?? 'refused'}`);
        }
      }
      return [];
    };
    await changeState([operations], send, run);
  }

  private async send(operations: readonly object[]): Promise<readonly ItemResult[]> {
    try {
      const request = { index: this.alias, require_alias: true, operations: [...operations] };
      const { items } = await this.options.client.bulk(request);
      return items.map((item) => item.create ?? item.delete ?? {});
    } catch (error) {
      throw classifyElasticError(error);
    }
  }
}

function* pagesOf(ids: readonly KeptId[]): Generator<readonly KeptId[]> {
  let page: KeptId[] = [];
  let bytes = 0;
  for (const id of ids) {
    if (page.length === PAGE_IDS || (page.length > 0 && bytes + id.element.length > PAGE_BYTES)) {
      yield page;
      page = [];
      bytes = 0;
    }
    page.push(id);
    bytes += id.element.length;
  }
  if (page.length > 0) yield page;
}
