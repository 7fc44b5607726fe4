import type { BsonTypeName, FieldType, SinkConfig, StringMapping } from '@lockstep/contracts';
import { FLATTENED, mappingFor, stringMapping, type ElasticFieldMapping } from './field-mapping.js';

/** How a connector wants its fields mapped: by type, unless the connector says something else. */
export class MappingRules {
  private readonly strings: StringMapping;
  private readonly stringsByPath = new Map<string, StringMapping>();
  /** Dotted paths of the objects that are one field each. */
  readonly flattened: ReadonlySet<string>;

  constructor(config: Pick<SinkConfig, 'strings' | 'fields'>) {
    this.strings = config.strings ?? 'both';
    const flattened = new Set<string>();
    for (const [path, { strings, type }] of Object.entries(config.fields ?? {})) {
      if (type === 'flattened') flattened.add(path);
      else if (strings !== undefined) this.stringsByPath.set(path, strings);
    }
    this.flattened = flattened;
  }

  /** Null: the type says nothing, or the fields inside say it. */
  mappingFor({ path, type }: FieldType): ElasticFieldMapping | null {
    if (this.flattened.has(path)) return FLATTENED;
    return isText(type) ? stringMapping(this.stringsByPath.get(path) ?? this.strings) : mappingFor(type);
  }

  /** The field that takes the place of this one: the flattened object that it is in, otherwise itself. */
  outermost(field: FieldType): FieldType {
    for (let dot = field.path.indexOf('.'); dot >= 0; dot = field.path.indexOf('.', dot + 1)) {
      const path = field.path.slice(0, dot);
      if (this.flattened.has(path)) return { path, type: 'object' };
    }
    return field;
  }

  /** Dynamic templates for fields that Elasticsearch meets first; those of single paths go before the rest. */
  dynamicTemplates(): Readonly<Record<string, object>>[] {
    const single = [...this.stringsByPath].map(([path, strings], i) => ({
      [`lockstep_strings_${i}`]: {
        path_match: path,
        match_mapping_type: 'string',
        mapping: stringMapping(strings),
      },
    }));
    return [
      ...single,
      { lockstep_strings: { match_mapping_type: 'string', mapping: stringMapping(this.strings) } },
      { lockstep_doubles: { match_mapping_type: 'double', mapping: { type: 'double' } } },
    ];
  }
}

function isText(type: BsonTypeName): boolean {
  return type === 'string' || type === 'symbol';
}
