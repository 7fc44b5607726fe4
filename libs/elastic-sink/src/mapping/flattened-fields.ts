import { FLATTENED } from './field-mapping.js';

type Json = Readonly<Record<string, unknown>>;

/** The operator's `properties` with flattened fields beside them; what the operator maps stays as it is. */
export function withFlattened(properties: Json, paths: Iterable<string>): Json {
  let result = properties;
  for (const path of paths) result = place(result, path.split('.'));
  return result;
}

function place(properties: Json, [name = '', ...below]: readonly string[]): Json {
  const child = Object.hasOwn(properties, name) ? properties[name] : undefined;
  if (below.length === 0) return child === undefined ? { ...properties, [name]: FLATTENED } : properties;
  if (child === undefined) return { ...properties, [name]: { properties: place({}, below) } };
  if (!isObjectMapping(child)) return properties;
  const inner = typeof child.properties === 'object' && child.properties !== null ? (child.properties as Json) : {};
  return { ...properties, [name]: { ...child, properties: place(inner, below) } };
}

function isObjectMapping(value: unknown): value is Json {
  if (typeof value !== 'object' || value === null) return false;
  const { type, enabled } = value as Json;
  return (type === undefined || type === 'object' || type === 'nested') && String(enabled) !== 'false';
}
