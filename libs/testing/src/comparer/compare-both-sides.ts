import { createHash } from 'node:crypto';
import { MongoClient, type Document, type Filter } from 'mongodb';
import { httpText } from '../http-json.js';
import { canonicalText, ExactNumber, parseExactJson, type ExactJson } from './exact-json.js';
import { expectedDocument } from './expected-document.js';
import { expectedId } from './expected-id.js';
import { readElements } from './plain-bson.js';

export interface ComparedSides {
  readonly mongodbUrl: string;
  readonly elasticsearchUrl: string;
  readonly database: string;
  readonly collection: string;
  /** Index or alias. */
  readonly index: string;
  readonly filter?: Filter<Document>;
  /** Value of the Authorization header. */
  readonly authorization?: string;
  /** PEM of the authority that signed the cluster's certificate. */
  readonly ca?: string;
  /** Ids that are left out on both sides: open dead letters. */
  readonly except?: ReadonlySet<string>;
  /** Tells documents that came back, and documents that are out of date, from others that differ. */
  readonly history?: SourceHistory;
}

/** What the source has held before, as whoever wrote it knows. */
export interface SourceHistory {
  /** Whether there ever was a document of this Elasticsearch id. */
  hasHeld(id: string): boolean;
  /** A field of every document with an integer that grows with each write of it. */
  readonly revisionField: string;
}

/** What differs, each document in one list; empty lists mean that both sides agree. */
export interface Comparison {
  /** Documents of the source. */
  readonly checked: number;
  readonly missing: readonly string[];
  /** In the index alone. Without a history those that came back are among them. */
  readonly extra: readonly string[];
  /** In the index, deleted from the source. */
  readonly resurrected: readonly string[];
  /** Same id, other content. Without a history those that are out of date are among them. */
  readonly wrong: readonly string[];
  /** Content of an earlier revision. */
  readonly stale: readonly string[];
}

/** What a side has of one document. */
interface Content {
  readonly hash: string;
  readonly revision: bigint | undefined;
}

const PAGE = 1_000;

/**
 * Compares a collection with its index completely, ids and content, by code that shares nothing with the
 * product: a plain BSON reader, a plain converter, and a JSON parser that keeps every digit.
 */
export async function compareBothSides(sides: ComparedSides): Promise<Comparison> {
  const expected = await readSource(sides);
  const checked = expected.size;
  const different = {
    extra: [] as string[],
    resurrected: [] as string[],
    wrong: [] as string[],
    stale: [] as string[],
  };
  await request(sides, 'POST', `/${encodeURIComponent(sides.index)}/_refresh`);
  for await (const { id, ...found } of readIndex(sides)) {
    if (sides.except?.has(id) === true) continue;
    const wanted = expected.get(id);
    if (wanted === undefined) different[sides.history?.hasHeld(id) === true ? 'resurrected' : 'extra'].push(id);
    else if (wanted.hash !== found.hash) different[isOlder(found, wanted) ? 'stale' : 'wrong'].push(id);
    expected.delete(id);
  }
  return { checked, missing: [...expected.keys()], ...different };
}

function isOlder(found: Content, wanted: Content): boolean {
  return found.revision !== undefined && wanted.revision !== undefined && found.revision < wanted.revision;
}

async function readSource(sides: ComparedSides): Promise<Map<string, Content>> {
  const client = new MongoClient(sides.mongodbUrl, { serverSelectionTimeoutMS: 20_000 });
  const contents = new Map<string, Content>();
  try {
    const cursor = client
      .db(sides.database)
      .collection(sides.collection, { readConcern: { level: 'majority' } })
      .find(sides.filter ?? {}, { raw: true, collation: { locale: 'simple' } });
    for await (const raw of cursor) {
      const document = Buffer.from(raw as unknown as Uint8Array);
      const id = expectedId(readElements(document).find(({ name }) => name.toString('latin1') === '_id')!);
      if (sides.except?.has(id) !== true) contents.set(id, contentOf(expectedDocument(document), sides));
    }
  } finally {
    await client.close();
  }
  return contents;
}

async function* readIndex(sides: ComparedSides): AsyncGenerator<Content & { readonly id: string }> {
  const search = { size: PAGE, sort: ['_doc'], _source: true, query: { match_all: {} } };
  let page = await request(sides, 'POST', `/${encodeURIComponent(sides.index)}/_search?scroll=1m`, search);
  try {
    for (let hits = hitsOf(page); hits.length > 0; hits = hitsOf(page)) {
      for (const hit of hits) yield { id: hit._id as string, ...contentOf(hit._source!, sides) };
      page = await request(sides, 'POST', '/_search/scroll', { scroll: '1m', scroll_id: scrollId(page) });
    }
  } finally {
    await request(sides, 'DELETE', '/_search/scroll', { scroll_id: scrollId(page) });
  }
}

type ExactObject = Readonly<Record<string, ExactJson>>;

function hitsOf(page: ExactJson): readonly ExactObject[] {
  return ((page as ExactObject).hits as ExactObject).hits as readonly ExactObject[];
}

function scrollId(page: ExactJson): string {
  return (page as ExactObject)._scroll_id as string;
}

async function request(sides: ComparedSides, method: string, path: string, body?: unknown): Promise<ExactJson> {
  const { elasticsearchUrl, authorization, ca } = sides;
  const answer = await httpText(`${elasticsearchUrl}${path}`, {
    method,
    headers: authorization === undefined ? {} : { authorization },
    timeoutMs: 60_000,
    ...(body === undefined ? {} : { body }),
    ...(ca === undefined ? {} : { ca }),
  });
  if (answer.status >= 300)
    throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.slice(0, 500)}`);
  return parseExactJson(answer.body);
}

function contentOf(value: ExactJson, { history }: ComparedSides): Content {
  const hash = createHash('sha1').update(canonicalText(value)).digest('base64');
  const revision = history === undefined ? undefined : (value as ExactObject)[history.revisionField];
  return { hash, revision: revision instanceof ExactNumber ? BigInt(revision.text) : undefined };
}
