import type { LockstepError } from '@lockstep/core';
import { classifyElasticError } from '@lockstep/elastic';

/** Elasticsearch takes request lines of 4 096 bytes unless told otherwise; the rest of the line is short. */
const MAX_NAMES_BYTES = 3_000;

/**
 * Asks something about indices, in requests that name as many as fit. Nothing is answered for those of a request that
 * cannot be answered now: because one of them is closed or gone, because the cluster is busy, or because the
 * credentials may not ask.
 * @throws LockstepError JOB_ABORTED, or what no later try would pass
 */
export async function askInParts<T>(
  indices: readonly string[],
  ask: (indices: string[]) => Promise<readonly T[]>,
): Promise<T[]> {
  const answers: T[] = [];
  for (const names of requestLines(indices)) {
    try {
      answers.push(...(await ask(names)));
    } catch (error) {
      const classified = classifyElasticError(error);
      if (!isPassing(classified)) throw classified;
    }
  }
  return answers;
}

/** Names that fit into one request, in their order. */
export function requestLines(names: readonly string[]): string[][] {
  const lines: string[][] = [];
  let left = 0;
  for (const name of names) {
    const bytes = encodeURIComponent(`${name},`).length;
    left -= bytes;
    if (left < 0) {
      lines.push([]);
      left = MAX_NAMES_BYTES - bytes;
    }
    lines.at(-1)?.push(name);
  }
  return lines;
}

/** Whoever writes notices by itself what stands in the way. */
function isPassing({ code, definition }: LockstepError): boolean {
  if (code === 'SINK_PERMISSION_MISSING' || code === 'SINK_TARGET_MISSING') return true;
  return definition.retry === 'transient' || definition.retry === 'throttled';
}
