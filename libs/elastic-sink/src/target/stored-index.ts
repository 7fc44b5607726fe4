import { classifyElasticError, elasticFailure, type ElasticClient } from '@lockstep/elastic';
import { readMark, type TargetMark } from './target-mark.js';

/** An index as it is in the cluster. */
export interface StoredIndex {
  readonly name: string;
  readonly uuid: string;
  readonly aliases: Readonly<Record<string, object>>;
  readonly mappings: Readonly<Record<string, unknown>>;
  /** Dotted names without the `index.` prefix; numbers and booleans are text. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly mark: TargetMark | null;
}

/** The indices behind a name (an index or an alias), closed ones too; empty when there is none. */
export async function readIndices(client: ElasticClient, name: string, signal: AbortSignal): Promise<StoredIndex[]> {
  try {
    const found = await client.indices.get({ index: name, flat_settings: true, expand_wildcards: 'none' }, { signal });
    return Object.entries(found).map(([index, state]) => {
      const settings: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(state.settings ?? {})) settings[key.replace(/^index\./, '')] = value;
      const mappings = (state.mappings ?? {}) as Record<string, unknown>;
      return {
        name: index,
        uuid: String(settings.uuid),
        aliases: state.aliases ?? {},
        mappings,
        settings,
        mark: readMark(mappings._meta),
      };
    });
  } catch (error) {
    if (elasticFailure(error).status === 404) return [];
    throw classifyElasticError(error);
  }
}
