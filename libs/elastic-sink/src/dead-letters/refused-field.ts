/**
 * Where Elasticsearch names the offending field in its words about a refusal. Only the name is taken:
 * everything else in there may be a value. The patterns are anchored at the start, because a quoted
 * value could contain anything, also these words.
 */
const FIELD_PATTERNS: readonly RegExp[] = [
  // DocumentParsingException of FieldMapper
  /^(?:\[\d+:\d+\] )?failed to parse field \[(.+?)\] of type \[/,
  // ObjectMapper, DocumentParser
  /^(?:\[\d+:\d+\] )?object mapping for \[(.+?)\] tried to parse (?:field|object)/,
  /^(?:\[\d+:\d+\] )?Could not dynamically add mapping for field \[(.+?)\]/,
  // MapperService, FieldMapper.Conflicts
  /^mapper \[(.+?)\] cannot be changed from type \[/,
  /^can't merge a non-object mapping \[(.+?)\] with an object mapping/,
  /^can't merge a non object mapping \[(.+?)\] with an object mapping/,
  // GeoPointFieldMapper; it knows the last part of the path only, and the value is a number
  /^(?:(?:\[\d+:\d+\] )?failed to parse: )?illegal (?:latitude|longitude) value \[[^\]]*\] for (.+)$/,
  // Lucene, IndexingChain
  /^Document contains at least one immense term in field="(.+?)" \(whose/,
  /^(?:\[\d+:\d+\] )?Field \[(.+?)\] is a metadata field/,
];

const STRICT =
  /^(?:\[\d+:\d+\] )?mapping set to strict, dynamic introduction of \[(.+?)\] within \[(.+?)\] is not allowed/;

/** Dotted path of the field, or null when Elasticsearch does not say. */
export function refusedField(reason: string | null): string | null {
  if (reason === null) return null;
  const strict = STRICT.exec(reason);
  if (strict?.[1] !== undefined) return strict[2] === '_doc' ? strict[1] : `${strict[2]}.${strict[1]}`;
  for (const pattern of FIELD_PATTERNS) {
    const field = pattern.exec(reason)?.[1];
    if (field !== undefined) return field;
  }
  return null;
}
