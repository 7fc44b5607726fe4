/** Choices in the conversion from BSON to JSON that a connector may make; docs/documents.md says what each does. */
export interface ConversionPolicies {
  /** What a double that JSON cannot write (NaN, ±Infinity) becomes. */
  readonly nonFinite: 'null' | 'string' | 'reject';
  /** What a Decimal128 becomes: its exact text, or a JSON number (which Elasticsearch rounds to a double). */
  readonly decimal: 'string' | 'number';
  /** What an object below `maxDepth` becomes: its JSON as a string, or a rejected document. */
  readonly tooDeep: 'string' | 'reject';
  /** Levels of objects, the document itself being level 1; Elasticsearch's `index.mapping.depth.limit`. */
  readonly maxDepth: number;
  /** Name of the body field that gets a copy of the `_id`; null for none. */
  readonly idField: string | null;
}

export const DEFAULT_POLICIES: ConversionPolicies = {
  nonFinite: 'null',
  decimal: 'string',
  tooDeep: 'string',
  maxDepth: 20,
  idField: null,
};
