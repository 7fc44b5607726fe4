const MAX_DATABASE_BYTES = 63;
const MAX_NAMESPACE_BYTES = 255;
const SYSTEM_DATABASES = ['admin', 'config', 'local'];

/** What is wrong with a database name, by MongoDB's own rules; null when nothing is. */
export function databaseNameProblem(name: string): string | null {
  if (/[/\\. "$\0]/.test(name)) return 'must not hold /, \\, ., ", $, blanks or NUL';
  if (Buffer.byteLength(name) > MAX_DATABASE_BYTES) return `must have at most ${String(MAX_DATABASE_BYTES)} bytes`;
  return SYSTEM_DATABASES.includes(name) ? 'is a database of MongoDB itself, which has no change streams' : null;
}

/** What is wrong with a collection name or `*` pattern; null when nothing is. */
export function collectionNameProblem(name: string, database: string): string | null {
  if (/[$\0]/.test(name)) return 'must not hold $ or NUL';
  if (name.startsWith('system.')) return 'is a collection of MongoDB itself';
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..'))
    return 'must not begin or end with a dot, or have two in a row';
  const bytes = Buffer.byteLength(`${database}.${name}`);
  return bytes > MAX_NAMESPACE_BYTES
    ? `must have, with the database, at most ${String(MAX_NAMESPACE_BYTES)} bytes`
    : null;
}
