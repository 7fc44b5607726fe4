import type { DropPolicy, FieldSelection, HistoryLossPolicy, SourceConfig } from '@lockstep/contracts';
import { checkFilter } from '../filter/check-filter.js';
import { isRedactedUri, parseMongoUri } from '../uri/mongodb-uri.js';
import { checkFieldSelection } from './check-field-selection.js';
import { pointerTo } from './findings.js';
import type { InputObject } from './input-object.js';
import { collectionNameProblem, databaseNameProblem } from './mongodb-names.js';
import { readSecret, type PendingSecret } from './pending-secret.js';

export interface ParsedSource {
  readonly uri: PendingSecret;
  readonly rest: Omit<SourceConfig, 'uri'>;
}

const MAX_NAME_LENGTH = 255;
const MAX_COLLECTIONS = 100;
const MAX_PARTITIONS = 32;

export const SOURCE_FIELDS = [
  ...['uri', 'database', 'collections', 'filter', 'fields'],
  ...['onDrop', 'onHistoryLost', 'partitions'],
];

const DROP_POLICIES: readonly DropPolicy[] = ['keep', 'follow', 'empty'];
const HISTORY_LOSS_POLICIES: readonly HistoryLossPolicy[] = ['wait', 'resync'];

function readUri(source: InputObject, current: SourceConfig | undefined): PendingSecret | null {
  const value = source.raw('uri');
  if (value === undefined) {
    source.add('uri', 'is required');
    return null;
  }
  const pointer = source.at('uri');
  const place = { pointer, findings: source.findings, current: current?.uri };
  return readSecret(value, place, (text, isSecret) => {
    if (isRedactedUri(text)) {
      source.add('uri', 'holds a redacted password: send the whole URI again, or leave it out to keep it');
      return null;
    }
    const result = parseMongoUri(text);
    if (!result.ok) {
      source.findings.add(pointer, result.problem, 'SOURCE_URI_INVALID');
      return null;
    }
    if (!isSecret && !result.uri.hasPassword) {
      return { kind: 'stored', secret: { kind: 'plain', value: text }, isKept: false };
    }
    return { kind: 'seal', text, display: result.uri.display };
  });
}

function readDatabase(source: InputObject): string | undefined {
  const database = source.requiredText('database', { maxLength: MAX_NAME_LENGTH });
  const problem = database === undefined ? null : databaseNameProblem(database);
  if (problem !== null) source.add('database', problem);
  return database;
}

function readCollections(source: InputObject, database: string): readonly string[] | undefined {
  const collections = source.textList('collections', { maxItems: MAX_COLLECTIONS, maxLength: MAX_NAME_LENGTH });
  for (const [i, name] of (collections ?? []).entries()) {
    const problem = collectionNameProblem(name, database);
    if (problem !== null) source.findings.add(pointerTo(source.at('collections'), i), problem);
  }
  return collections;
}

function readFields(source: InputObject): FieldSelection | undefined {
  const fields = source.object('fields', ['include', 'exclude']);
  return fields === undefined ? undefined : checkFieldSelection(fields);
}

/** @returns null after a finding that leaves nothing to go on with */
export function parseSource(source: InputObject, current: SourceConfig | undefined): ParsedSource | null {
  const uri = readUri(source, current);
  const database = readDatabase(source);
  const collections = readCollections(source, database ?? '');
  const filter = source.raw('filter');
  const isFilter = filter !== undefined && checkFilter(filter, source.at('filter'), source.findings);
  const fields = readFields(source);
  const onDrop = source.choice('onDrop', DROP_POLICIES, 'keep');
  const onHistoryLost = source.choice('onHistoryLost', HISTORY_LOSS_POLICIES, 'wait');
  const partitions = source.integer('partitions', { min: 1, max: MAX_PARTITIONS }) ?? 1;
  if (uri === null || database === undefined || collections === undefined) return null;
  return {
    uri,
    rest: {
      database,
      collections,
      ...(isFilter ? { filter } : {}),
      ...(fields === undefined ? {} : { fields }),
      onDrop,
      onHistoryLost,
      partitions,
    },
  };
}
