import { isDeepStrictEqual } from 'node:util';
import type { Connector, ConnectorConfig, GenerationRules, PartitionState } from '@lockstep/contracts';
import type { TurnContext } from './partition-context.js';

/** What of a definition decides which documents arrive and how, as it is stored: nothing undefined in it. */
export function rulesOf({ source, sink }: ConnectorConfig): GenerationRules {
  const { database, filter, fields, partitions = 1 } = source;
  const { index, layout, mappings, strings, conflicts, fields: fieldOptions } = sink;
  const rules = {
    source: { database, filter, fields, partitions: partitions > 1 ? partitions : undefined },
    sink: { index, layout, mappings, strings, conflicts, fields: fieldOptions },
  };
  return JSON.parse(JSON.stringify(rules)) as GenerationRules;
}

/** The connector as a generation follows it: its present definition, with the rules that the generation began with. */
function withRules(connector: Connector, rules: GenerationRules): Connector {
  const { filter: _filter, fields: _fields, partitions: _partitions, ...source } = connector.config.source;
  const {
    mappings: _mappings,
    strings: _strings,
    conflicts: _conflicts,
    fields: _options,
    ...sink
  } = connector.config.sink;
  return {
    ...connector,
    config: { ...connector.config, source: { ...source, ...rules.source }, sink: { ...sink, ...rules.sink } },
  };
}

/** The connector as a partition goes by it: rules that nothing has been read by yet are those of the definition. */
export function connectorOf(definition: Connector, { identity }: PartitionState): Connector {
  return identity === null || identity.isTentative === true ? definition : withRules(definition, identity.rules);
}

/** Whether a generation that began with the rules is what the definition asks for now. */
function isUpToDate({ source, sink }: GenerationRules, config: ConnectorConfig): boolean {
  const { database } = config.source;
  return isDeepStrictEqual({ source: { database, ...source }, sink }, rulesOf(config));
}

/** Whether the partition goes by other rules than its connector's definition asks for now. */
export function isByOtherRules({ definition, lease }: Pick<TurnContext, 'definition' | 'lease'>): boolean {
  const rules = lease.state.identity?.rules;
  return rules !== undefined && !isUpToDate(rules, definition.config);
}
