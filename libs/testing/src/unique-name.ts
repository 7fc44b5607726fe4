import { randomBytes } from 'node:crypto';

/** A name that no other test uses, valid as a database, collection and index name: `prefix-1f0c…`. */
export function uniqueName(prefix: string): string {
  return `${prefix}-${randomBytes(5).toString('hex')}`;
}
