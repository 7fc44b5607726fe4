import { LockstepError } from '@lockstep/core';

/** What `sink.index` resolves to for one namespace. */
export function resolveIndexName(_template: string, _database: string, _collection: string): string {
  throw new LockstepError('INTERNAL_ERROR');
}
