import { randomBytes } from 'node:crypto';
import type {
  Condition,
  DocumentBatch,
  DocumentState,
  DomainEvent,
  SinkConfig,
  SinkPort,
  EnsuredTarget,
  Target,
  WriteResult,
} from '@lockstep/contracts';
import { bootstrapStateIndices, createElasticClient, type ElasticClient } from '@lockstep/elastic';
import { createElasticSink, DeadLetterStore, OriginalIdStore, type SinkTuning } from '@lockstep/elastic-sink';
import { elasticUrl } from '../elastic/elastic-server.js';

/**
 * One state as tests write it down: a body (object or JSON), `'DELETE'`, or `{ reject: field }`; behind a hashed id its
 * `_id`.
 */
export type State = readonly [
  id: string,
  state: object | string,
  original?: { readonly element: Buffer; readonly text: string },
];

export interface SinkContext extends AsyncDisposable {
  readonly client: ElasticClient;
  /** Every target of the test begins with it. */
  readonly prefix: string;
  readonly connectorId: string;
  /** The concrete index of the dead letters. */
  readonly lettersIndex: string;
  /** The name that the binding resolves to. */
  readonly name: string;
  readonly letters: DeadLetterStore;
  readonly originalIds: OriginalIdStore;
  /** The concrete index of the `_id`s behind hashed ids. */
  readonly idsIndex: string;
  readonly events: DomainEvent[];
  readonly signal: AbortSignal;
  sink(options?: SinkOptions): SinkPort;
  target(sink: SinkPort): Promise<EnsuredTarget>;
  source(target: Target, id: string): Promise<unknown>;
  version(target: Target, id: string): Promise<number | undefined>;
}

export interface SinkOptions {
  readonly url?: string;
  readonly config?: Partial<SinkConfig>;
  readonly tuning?: Partial<SinkTuning>;
  readonly connectorId?: string;
  /** Names of connectors that exist, by id. */
  readonly existing?: Readonly<Record<string, string>>;
  readonly requestTimeoutMs?: number;
}

/** Fast enough for tests, slow enough to be a delay. */
const TEST_TUNING: Partial<SinkTuning> = { retryBaseMs: 10, retryMaxMs: 100, holdBaseMs: 20, holdMaxMs: 100 };

const CONFIG: SinkConfig = {
  index: '{collection}',
  layout: 'alias',
  adopt: false,
  onRefused: 'delete',
  brakeRatio: 0.2,
  deadLetterContent: false,
};

/** Indices of our own, made once for the tests of a file; each test has a context with names of its own. */
export interface SinkSuite extends AsyncDisposable {
  context(): SinkContext;
}

export async function sinkSuite(): Promise<SinkSuite> {
  const client = createElasticClient({ url: elasticUrl() });
  const statePrefix = `t${randomBytes(5).toString('hex')}`;
  const { installationId } = await bootstrapStateIndices(client, statePrefix);
  return {
    context: () => sinkContext(client, statePrefix, installationId),
    async [Symbol.asyncDispose]() {
      await deleteIndices(client, statePrefix);
      await client.close();
    },
  };
}

async function deleteIndices(client: ElasticClient, prefix: string): Promise<void> {
  const found = await client.indices.get({ index: `${prefix}*`, expand_wildcards: 'all', features: 'aliases' });
  const indices = Object.keys(found);
  if (indices.length > 0) await client.indices.delete({ index: indices });
}

function sinkContext(client: ElasticClient, statePrefix: string, installationId: string): SinkContext {
  const prefix = `t${randomBytes(5).toString('hex')}`;
  const connectorId = `con_${prefix}`;
  const name = `${prefix}-orders`;
  const opened: { sink: SinkPort; client: ElasticClient }[] = [];
  const events: DomainEvent[] = [];
  const { signal } = new AbortController();
  return {
    client,
    prefix,
    name,
    events,
    signal,
    connectorId,
    lettersIndex: `${statePrefix}-dead-letters-v1`,
    letters: new DeadLetterStore(client, statePrefix),
    originalIds: new OriginalIdStore({ client, prefix: statePrefix }),
    idsIndex: `${statePrefix}-document-ids-v1`,
    sink(options = {}) {
      const own = createElasticClient({
        url: options.url ?? elasticUrl(),
        requestTimeoutMs: options.requestTimeoutMs ?? 20_000,
      });
      const sink = createElasticSink({
        client: own,
        stateClient: client,
        prefix: statePrefix,
        connector: { id: options.connectorId ?? connectorId, name: 'orders' },
        installationId,
        connectorName: (id) => Promise.resolve(options.existing?.[id] ?? null),
        config: { ...CONFIG, ...options.config },
        events: { emit: (event) => events.push(event) },
        tuning: { ...TEST_TUNING, ...options.tuning },
      });
      opened.push({ sink, client: own });
      return sink;
    },
    target: (sink) => sink.ensureTarget({ binding: bindingOf(name), generation: 1, isServing: true, signal }),
    async source(target, id) {
      const found = await client.get({ index: target.index, id }, { ignore: [404] });
      return found._source;
    },
    async version(target, id) {
      const found = await client.get({ index: target.index, id }, { ignore: [404] });
      return found._version;
    },
    async [Symbol.asyncDispose]() {
      for (const { sink } of opened) await sink.close();
      await deleteIndices(client, prefix);
    },
  };
}

export function bindingOf(index: string, collection = 'orders'): Target['binding'] {
  return { database: 'shop', collection, namespace: `shop.${collection}`, index };
}

export function batchOf(states: readonly State[]): DocumentBatch {
  const parts: Buffer[] = [];
  const documents: DocumentState[] = [];
  let position = 0;
  for (const [id, state, original] of states) {
    const origin =
      original === undefined
        ? {}
        : { originalId: { element: original.element, typedText: (): string => original.text } };
    if (state === 'DELETE') {
      documents.push({ operation: 'delete', id });
    } else if (typeof state === 'object' && 'reject' in state) {
      const field = String(state.reject);
      documents.push({ operation: 'reject', id, code: 'SOURCE_DOCUMENT_UNSUPPORTED', field, ...origin });
    } else {
      const json = Buffer.from(typeof state === 'string' ? state : JSON.stringify(state));
      parts.push(json);
      documents.push({ operation: 'index', id, start: position, end: position + json.length, ...origin });
      position += json.length;
    }
  }
  return { collection: 'orders', body: Buffer.concat(parts), documents, newFields: [], notes: {}, operationTime: 0n };
}

export interface Written {
  readonly result: WriteResult;
  /** Codes of the conditions that were told; null when writing went on. */
  readonly conditions: readonly (string | null)[];
}

export async function write(
  sink: SinkPort,
  target: Target,
  version: bigint,
  states: readonly State[],
  options: { readonly signal?: AbortSignal; readonly onCondition?: (condition: Condition | null) => void } = {},
): Promise<Written> {
  const conditions: (string | null)[] = [];
  const result = await sink.write({
    writes: [{ target, version, batch: batchOf(states) }],
    signal: options.signal ?? new AbortController().signal,
    onCondition: (condition) => {
      conditions.push(condition?.code ?? null);
      options.onCondition?.(condition);
    },
  });
  return { result, conditions };
}
