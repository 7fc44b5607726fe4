import type { ConflictPolicy, FieldType, FieldTypeCount, SinkConfig } from '@lockstep/contracts';
import { reached } from '@lockstep/core';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { dynamicType, fieldCount, UNSEARCHABLE } from './field-mapping.js';
import type { KnownFields } from './known-fields.js';
import { MappingRules } from './mapping-rules.js';
import { mappingTree, type FieldPut } from './mapping-tree.js';
import { onePerPath } from './number-family.js';
import { choicesOfSample, type FieldChoice } from './sample-choice.js';
import { dynamicTemplates, templateMatches, type DynamicTemplate } from './template-match.js';
import { mayHaveFraction } from './whole-numbers.js';

const PUT_FIELDS = 500;

/** What of the fields is not found by a search as it stands in the document; each field is counted once. */
export interface FieldNotes {
  /** Without room in the index. */
  readonly fieldsBeyondLimit: number;
  /** With fractions, where whole numbers are mapped. */
  readonly fieldsTruncated: number;
}

interface Chosen {
  readonly puts: FieldPut[];
  /** Fields without room, not told before. */
  readonly left: number;
}

/** Puts mappings for fields whose BSON type is known, before documents make Elasticsearch guess. */
export class FieldMapper {
  private readonly templates: readonly DynamicTemplate[];
  private readonly rules: MappingRules;
  private readonly conflicts: ConflictPolicy;

  constructor(
    private readonly client: ElasticClient,
    config: SinkConfig,
  ) {
    this.templates = dynamicTemplates(config.mappings);
    this.rules = new MappingRules(config);
    this.conflicts = config.conflicts ?? 'deadLetter';
  }

  /**
   * A field that Elasticsearch does not let us map stays unmapped by us: the documents that carry it
   * tell what becomes of it.
   * @throws LockstepError when Elasticsearch could not be asked (unreachable, blocked, refused credentials)
   */
  async map(index: string, known: KnownFields, fields: readonly FieldType[], signal: AbortSignal): Promise<FieldNotes> {
    const unknown = fields.map((field) => this.within(known, field)).filter((field) => !known.has(field.path));
    const choices = onePerPath(unknown, this.conflicts);
    const fieldsBeyondLimit = choices.size === 0 ? 0 : await this.mapChoices(index, known, choices, signal);
    const cut = fields.filter(({ path, type }) => mayHaveFraction(type) && known.cutFraction(path));
    return { fieldsBeyondLimit, fieldsTruncated: cut.length };
  }

  /**
   * The same for the fields of a sample, the frequent ones first: they get the room that there is.
   * @throws LockstepError as {@link map}
   */
  async mapSample(
    index: string,
    known: KnownFields,
    sample: readonly FieldTypeCount[],
    signal: AbortSignal,
  ): Promise<FieldNotes> {
    const counts = sample.map((count) => ({ ...count, ...this.within(known, count) }));
    const choices = choicesOfSample(counts, this.conflicts);
    return { fieldsBeyondLimit: await this.mapChoices(index, known, choices, signal), fieldsTruncated: 0 };
  }

  private async mapChoices(
    index: string,
    known: KnownFields,
    choices: ReadonlyMap<string, FieldChoice>,
    signal: AbortSignal,
  ): Promise<number> {
    const { puts, left } = this.choose(known, choices);
    for (let start = 0; start < puts.length; start += PUT_FIELDS) {
      await this.put(index, puts.slice(start, start + PUT_FIELDS), signal);
    }
    return left;
  }

  /** The flattened field that this one is in; the field itself where the index has an object in that place. */
  private within(known: KnownFields, field: FieldType): FieldType {
    const outermost = this.rules.outermost(field);
    return known.isObject(outermost.path) ? field : outermost;
  }

  private choose(known: KnownFields, choices: ReadonlyMap<string, FieldChoice>): Chosen {
    const puts: FieldPut[] = [];
    let left = 0;
    for (const [path, type] of choices) {
      const mapping = type === 'anything' ? UNSEARCHABLE : this.rules.mappingFor({ path, type });
      if (mapping === null || !known.canAdd(path)) continue;
      if (
        !this.rules.flattened.has(path) &&
        this.templates.some((template) => templateMatches(template, path, dynamicType(type)))
      ) {
        known.add(path, 0, null);
        continue;
      }
      const size = fieldCount(mapping);
      // The rest is left to dynamic mapping, which ignores what is beyond the limit.
      if (!known.hasRoom(path, size)) {
        if (known.leave(path)) left++;
        continue;
      }
      known.add(path, size, mapping);
      puts.push({ path, mapping });
    }
    return { puts, left };
  }

  /** One request when all is well; halves until the fields that are refused stand alone. */
  private async put(index: string, puts: readonly FieldPut[], signal: AbortSignal): Promise<void> {
    try {
      reached('fields.mapping');
      await this.client.indices.putMapping({ index, properties: mappingTree(puts) }, { signal });
      reached('fields.mapped');
      return;
    } catch (error) {
      const coded = classifyElasticError(error);
      if (coded.code !== 'SINK_REQUEST_REFUSED') throw coded;
    }
    if (puts.length === 1) return;
    const middle = Math.ceil(puts.length / 2);
    await this.put(index, puts.slice(0, middle), signal);
    await this.put(index, puts.slice(middle), signal);
  }
}
