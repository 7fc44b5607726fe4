import { hasCode, LockstepError } from '@lockstep/core';

const MAX_ATTEMPTS = 10;

/**
 * Repeats a read-decide-write that met a concurrent change. `action` reads again and checks `If-Match` again, so a
 * client that named an ETag gets API_PRECONDITION_FAILED from it, and one that did not gets its change in.
 * @throws LockstepError CONFIG_VERSION_CONFLICT when others keep being faster
 */
export async function retryOnConflict<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
    }
  }
  return action();
}

/** @throws LockstepError CONFIG_SCHEMA_UNKNOWN when a newer version wrote the document */
export function checkSchema(schema: unknown, what: string): void {
  if (schema !== 1) throw new LockstepError('CONFIG_SCHEMA_UNKNOWN', `${what} has the schema ${String(schema)}`);
}
