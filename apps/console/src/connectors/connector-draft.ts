import { placeFieldProblems, type FieldByPointer, type PlacedProblems } from '../api/place-field-problems.js';
import type { FieldProblem } from '../api/problem.js';
import type { SealedValue } from '../api/seal-secret.js';
import { DEFAULT_SOURCE_OPTIONS, partitionsProblem, sourceOptionsBody, type SourceOptions } from './source-options.js';

/** What the form for a new connector holds. */
export interface ConnectorDraft extends SourceOptions {
  readonly name: string;
  readonly uri: string;
  readonly database: string;
  /** Names or patterns, separated by commas or line ends. */
  readonly collections: string;
  readonly index: string;
  readonly elasticsearchUrl: string;
  readonly elasticsearchApiKey: string;
  readonly elasticsearchCa: string;
}

export type DraftField = keyof ConnectorDraft;
export type DraftErrors = Readonly<Partial<Record<DraftField, string>>>;

export const EMPTY_DRAFT: ConnectorDraft = {
  name: '',
  uri: '',
  database: '',
  collections: '*',
  ...DEFAULT_SOURCE_OPTIONS,
  index: '{database}.{collection}',
  elasticsearchUrl: '',
  elasticsearchApiKey: '',
  elasticsearchCa: '',
};

export interface SealedSecrets {
  readonly uri: SealedValue;
  readonly apiKey: SealedValue | null;
}

/** The names in a list that a person typed. */
export function splitCollections(text: string): readonly string[] {
  return text
    .split(/[,\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

/** What is wrong with the draft before anything is sent; the API judges the rest. */
export function checkDraft(draft: ConnectorDraft): DraftErrors {
  const errors: Partial<Record<DraftField, string>> = {};
  if (draft.name.trim() === '') errors.name = 'Give the connector a name.';
  if (!/^mongodb(\+srv)?:\/\/\S+$/.test(draft.uri.trim())) {
    errors.uri = 'A URI begins with mongodb:// or mongodb+srv://';
  }
  if (draft.database.trim() === '') errors.database = 'Name the database to read.';
  if (splitCollections(draft.collections).length === 0)
    errors.collections = 'Name at least one collection, or * for all.';
  const partitions = partitionsProblem(draft.partitions);
  if (partitions !== undefined) errors.partitions = partitions;
  if (draft.index.trim() === '') errors.index = 'Give a name, for example {database}.{collection}';
  const isOwnCluster = draft.elasticsearchUrl.trim() === '';
  if (!isOwnCluster && !/^https?:\/\/\S+$/.test(draft.elasticsearchUrl.trim())) {
    errors.elasticsearchUrl = 'A URL begins with https:// or http://';
  }
  if (isOwnCluster && (draft.elasticsearchApiKey.trim() !== '' || draft.elasticsearchCa.trim() !== '')) {
    errors.elasticsearchUrl = 'Name the cluster that the key or the certificate is for.';
  }
  return errors;
}

/** The request body of the draft; secrets go in sealed. */
export function draftBody(draft: ConnectorDraft, secrets: SealedSecrets): object {
  const url = draft.elasticsearchUrl.trim();
  const ca = draft.elasticsearchCa.trim();
  const elasticsearch = {
    url,
    ...(secrets.apiKey === null ? {} : { apiKey: secrets.apiKey }),
    ...(ca === '' ? {} : { ca: `${ca}\n` }),
  };
  return {
    name: draft.name.trim(),
    source: {
      uri: secrets.uri,
      database: draft.database.trim(),
      collections: splitCollections(draft.collections),
      ...sourceOptionsBody(draft),
    },
    sink: { index: draft.index.trim(), ...(url === '' ? {} : { elasticsearch }) },
  };
}

const FIELD_BY_POINTER: FieldByPointer<DraftField> = [
  ['/name', 'name'],
  ['/source/uri', 'uri'],
  ['/source/database', 'database'],
  ['/source/collections', 'collections'],
  ['/source/partitions', 'partitions'],
  ['/source/onDrop', 'onDrop'],
  ['/source/onHistoryLost', 'onHistoryLost'],
  ['/sink/index', 'index'],
  ['/sink/elasticsearch/url', 'elasticsearchUrl'],
  ['/sink/elasticsearch/apiKey', 'elasticsearchApiKey'],
  ['/sink/elasticsearch/ca', 'elasticsearchCa'],
];

/** Field errors of the API at the fields of the form; what has no field there is in `rest`. */
export function placeDraftProblems(problems: readonly FieldProblem[]): PlacedProblems<DraftField> {
  return placeFieldProblems(problems, FIELD_BY_POINTER);
}
