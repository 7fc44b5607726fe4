import type { Document } from 'mongodb';

/** All of the given filters; nulls count as "everything". */
export function andFilter(...filters: readonly (Document | null)[]): Document {
  const present = filters.filter((filter) => filter !== null);
  return present.length === 0 ? {} : present.length === 1 ? (present[0] ?? {}) : { $and: present };
}
