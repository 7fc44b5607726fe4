import type { ConflictPolicy, RefusedPolicy, SinkConfig, TargetLayout } from '@lockstep/contracts';
import { hasCode } from '@lockstep/core';
import { isStateIndexName } from '../template/index-name.js';
import { isPattern } from '../template/collection-patterns.js';
import { parseIndexTemplate, resolveIndexName } from '../template/resolve-index-name.js';
import { isRecord, type InputObject } from './input-object.js';
import { jsonLimitProblem } from './json-limits.js';
import { ELASTICSEARCH_FIELDS, parseElasticsearch, type ParsedElasticsearch } from './parse-elasticsearch.js';
import { parseErrorMonitor } from './parse-error-monitor.js';
import { parseFieldOptions, STRING_MAPPINGS } from './parse-field-options.js';
import type { ParsedSource } from './parse-source.js';

export interface ParsedSink {
  readonly elasticsearch: ParsedElasticsearch | null;
  readonly rest: Omit<SinkConfig, 'elasticsearch'>;
}

export const SINK_FIELDS = [
  ...['index', 'layout', 'adopt', 'onRefused', 'elasticsearch', 'mappings', 'settings', 'brakeRatio'],
  ...['deadLetterContent', 'strings', 'conflicts', 'fields', 'errorMonitor'],
];

const LAYOUTS: readonly TargetLayout[] = ['alias', 'index'];
const REFUSED_POLICIES: readonly RefusedPolicy[] = ['delete', 'keepOld'];
const CONFLICT_POLICIES: readonly ConflictPolicy[] = ['deadLetter', 'ignoreMalformed', 'string'];
const DEFAULT_BRAKE_RATIO = 0.2;
const OBJECT_LIMITS = { maxDepth: 30, maxBytes: 256 * 1024 };
/** Ours: `_meta` marks the owner, the others would hide or misplace documents. */
const RESERVED_MAPPINGS = ['_meta', '_source', '_routing'];

function readFreeForm(sink: InputObject, key: 'mappings' | 'settings'): Readonly<Record<string, unknown>> | undefined {
  const value = sink.raw(key);
  if (value === undefined) return undefined;
  if (!isRecord(value)) {
    sink.add(key, 'must be an object');
    return undefined;
  }
  const problem = jsonLimitProblem(value, OBJECT_LIMITS);
  if (problem !== null) sink.add(key, problem);
  return value;
}

function readMappings(sink: InputObject): Readonly<Record<string, unknown>> | undefined {
  const mappings = readFreeForm(sink, 'mappings');
  if (mappings === undefined) return undefined;
  for (const name of RESERVED_MAPPINGS) {
    if (Object.hasOwn(mappings, name)) sink.findings.add(`${sink.at('mappings')}/${name}`, 'is set by Lockstep');
  }
  if (Object.hasOwn(mappings, 'properties') && !isRecord(mappings.properties)) {
    sink.findings.add(`${sink.at('mappings')}/properties`, 'must be an object');
  }
  return mappings;
}

type MappingOptions = Pick<SinkConfig, 'strings' | 'conflicts' | 'fields' | 'mappings' | 'settings'>;

/** What shapes the target; what is absent stays absent. */
function readMappingOptions(sink: InputObject): MappingOptions {
  const strings = sink.optionalChoice('strings', STRING_MAPPINGS);
  const conflicts = sink.optionalChoice('conflicts', CONFLICT_POLICIES);
  const fields = parseFieldOptions(sink);
  const mappings = readMappings(sink);
  const settings = readFreeForm(sink, 'settings');
  return {
    ...(strings === undefined ? {} : { strings }),
    ...(conflicts === undefined ? {} : { conflicts }),
    ...(fields === undefined ? {} : { fields }),
    ...(mappings === undefined ? {} : { mappings }),
    ...(settings === undefined ? {} : { settings }),
  };
}

/** Names that the template gives for the collections that are known already; patterns are resolved by the worker. */
function checkResolved(
  index: string,
  source: ParsedSource['rest'],
  place: { sink: InputObject; statePrefix: string },
): void {
  const { sink, statePrefix } = place;
  const head = index.split('{collection}', 1)[0] ?? '';
  const names = source.collections.filter((name) => !isPattern(name));
  try {
    const resolved = names.map((name) => resolveIndexName(index, source.database, name));
    if (head !== '') resolved.push(resolveIndexName(head, source.database, ''));
    if (resolved.some((name) => isStateIndexName(name, statePrefix))) {
      sink.add('index', `leads to ${statePrefix}-*, where Lockstep keeps its own state`);
    }
  } catch (error) {
    if (!hasCode(error, 'SINK_TARGET_INVALID')) throw error;
    sink.add('index', error.message);
  }
}

function readIndex(sink: InputObject, source: ParsedSource | null, statePrefix: string): string | undefined {
  const index = sink.requiredText('index', { maxLength: 255 });
  if (index === undefined) return undefined;
  const template = parseIndexTemplate(index);
  if (!template.ok) {
    sink.add('index', template.problem);
    return undefined;
  }
  if (source === null) return index;
  const { collections } = source.rest;
  const isMany = collections.length > 1 || collections.some(isPattern);
  const namesCollection = template.parts.some((part) => part.kind === 'name' && part.name === 'collection');
  if (isMany && !namesCollection) sink.add('index', 'needs {collection}: several collections cannot share one index');
  else checkResolved(index, source.rest, { sink, statePrefix });
  return index;
}

export interface SinkContext {
  readonly source: ParsedSource | null;
  readonly current: SinkConfig | undefined;
  readonly statePrefix: string;
}

/** @returns null after a finding that leaves nothing to go on with */
export function parseSink(sink: InputObject, { source, current, statePrefix }: SinkContext): ParsedSink | null {
  const index = readIndex(sink, source, statePrefix);
  const target = sink.object('elasticsearch', ELASTICSEARCH_FIELDS);
  const elasticsearch = target === undefined ? null : parseElasticsearch(target, current?.elasticsearch);
  const rest = {
    layout: sink.choice('layout', LAYOUTS, 'alias'),
    adopt: sink.flag('adopt', false),
    onRefused: sink.choice('onRefused', REFUSED_POLICIES, 'delete'),
    brakeRatio: sink.ratio('brakeRatio', DEFAULT_BRAKE_RATIO),
    deadLetterContent: sink.flag('deadLetterContent', false),
    errorMonitor: parseErrorMonitor(sink),
    ...readMappingOptions(sink),
  };
  return index === undefined ? null : { elasticsearch, rest: { index, ...rest } };
}
