/** A dynamic template as a connector gives it. */
export interface DynamicTemplate {
  readonly match?: string | readonly string[];
  readonly unmatch?: string | readonly string[];
  readonly path_match?: string | readonly string[];
  readonly path_unmatch?: string | readonly string[];
  readonly match_mapping_type?: string | readonly string[];
  readonly match_pattern?: string;
}

/**
 * Whether Elasticsearch would apply this template to a new field. Fields that a template of the
 * operator wants are left to dynamic mapping: a mapping put beforehand would win over it.
 * @param dynamicType `string`, `long`, `double` or `boolean`
 */
export function templateMatches(template: DynamicTemplate, path: string, dynamicType: string): boolean {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const isRegex = template.match_pattern === 'regex';
  const types = list(template.match_mapping_type);
  if (types.length > 0 && !types.includes(dynamicType) && !types.includes('*')) return false;
  if (list(template.match).length > 0 && !anyMatch(template.match, name, isRegex)) return false;
  if (list(template.path_match).length > 0 && !anyMatch(template.path_match, path, false)) return false;
  return !anyMatch(template.unmatch, name, isRegex) && !anyMatch(template.path_unmatch, path, false);
}

/** The templates of a `mappings` object: a list of objects with one member each. */
export function dynamicTemplates(mappings: Readonly<Record<string, unknown>> | undefined): readonly DynamicTemplate[] {
  const templates = mappings?.dynamic_templates;
  if (!Array.isArray(templates)) return [];
  return templates.flatMap((entry: unknown) =>
    typeof entry === 'object' && entry !== null ? (Object.values(entry) as DynamicTemplate[]) : [],
  );
}

function anyMatch(patterns: string | readonly string[] | undefined, text: string, isRegex: boolean): boolean {
  return list(patterns).some((pattern) => toRegExp(pattern, isRegex).test(text));
}

function toRegExp(pattern: string, isRegex: boolean): RegExp {
  const source = isRegex ? pattern : pattern.split('*').map(escape).join('.*');
  return new RegExp(`^(?:${source})$`, 's');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}
