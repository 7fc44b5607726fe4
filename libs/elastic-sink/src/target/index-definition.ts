import type { SinkConfig } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import { withFlattened } from '../mapping/flattened-fields.js';
import { MappingRules } from '../mapping/mapping-rules.js';
import type { TargetMark } from './target-mark.js';
import { timeValueMs } from './time-value.js';

type Json = Readonly<Record<string, unknown>>;

/**
 * Deletions are remembered so long after their document is gone: a late request of a former lease
 * holder must still meet them.
 */
export const MIN_GC_DELETES = '15m';
const MIN_GC_DELETES_MS = 15 * 60_000;

/**
 * Settings of a target: the operator's over ours, without the `index.` prefix. One shard; a replica
 * wherever there is a second data node. The refresh interval is set on purpose, even to its default:
 * left out, an index that nobody searches stops refreshing.
 * @throws LockstepError SINK_TARGET_INVALID when `gc_deletes` is too short to be safe
 */
export function targetSettings(config: SinkConfig): Record<string, unknown> {
  const own = flattenSettings(config.settings ?? {});
  const gcDeletesMs = timeValueMs(own.gc_deletes ?? MIN_GC_DELETES);
  if (gcDeletesMs !== undefined && gcDeletesMs < MIN_GC_DELETES_MS) {
    throw new LockstepError('SINK_TARGET_INVALID', `index.gc_deletes must be at least ${MIN_GC_DELETES}`);
  }
  const choosesReplicas = 'number_of_replicas' in own || 'auto_expand_replicas' in own;
  return {
    number_of_shards: 1,
    ...(choosesReplicas ? {} : { auto_expand_replicas: '0-1' }),
    refresh_interval: '1s',
    gc_deletes: MIN_GC_DELETES,
    'mapping.total_fields.ignore_dynamic_beyond_limit': true,
    ...(config.conflicts === 'ignoreMalformed' ? { 'mapping.ignore_malformed': true } : {}),
    ...own,
  };
}

/** Settings as dotted names without the `index.` prefix, however they were nested. */
export function flattenSettings(settings: Json, path = ''): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(settings)) {
    const full = path === '' ? name : `${path}.${name}`;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      Object.assign(flat, flattenSettings(value as Json, full));
    } else {
      flat[full.replace(/^index\./, '')] = value;
    }
  }
  return flat;
}

/** Mappings of a target: the operator's win, also as the first dynamic templates to be looked at. */
export function targetMappings(config: SinkConfig, mark: TargetMark): Record<string, unknown> {
  const own = config.mappings ?? {};
  const ownTemplates = Array.isArray(own.dynamic_templates) ? (own.dynamic_templates as unknown[]) : [];
  const ownProperties = (own.properties ?? {}) as Json;
  const rules = new MappingRules(config);
  const meta = typeof own._meta === 'object' && own._meta !== null ? own._meta : {};
  return {
    dynamic: true,
    date_detection: false,
    numeric_detection: false,
    ...own,
    ...(rules.flattened.size === 0 ? {} : { properties: withFlattened(ownProperties, rules.flattened) }),
    dynamic_templates: [...ownTemplates, ...rules.dynamicTemplates()],
    _meta: { ...meta, lockstep: mark },
  };
}
