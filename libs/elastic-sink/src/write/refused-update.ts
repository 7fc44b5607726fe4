import type { BulkOperation } from '../bulk/bulk-operation.js';
import type { BulkRun, BulkWriter } from '../bulk/bulk-writer.js';
import type { RefusedOperation } from './write-tally.js';

/**
 * Removes what the index holds of documents whose new state was refused, at the version of that
 * state, so that nothing stale is served.
 *
 * Elasticsearch parses before it compares versions: a late copy of an old state is refused although a
 * newer one is in the index. The removal then finds the newer version, and the refusal is outdated.
 * @returns the refusals that stand
 */
export async function removeOlderStates(
  refusals: readonly RefusedOperation[],
  bulk: BulkWriter,
  run: BulkRun,
): Promise<readonly RefusedOperation[]> {
  const outdated = new Set<BulkOperation>();
  const removals = refusals.map(({ operation }): BulkOperation => ({
    route: operation.route,
    document: { operation: 'delete', id: operation.document.id },
  }));
  await bulk.send(removals, {
    ...run,
    listener: {
      taken: () => undefined,
      newer: (removal) => outdated.add(removal),
      // A removal that is refused leaves the older state: the dead letter stands.
      refused: () => undefined,
      retried: (count) => {
        run.listener.retried(count);
      },
    },
  });
  return refusals.filter((_, position) => {
    const removal = removals[position];
    return removal === undefined || !outdated.has(removal);
  });
}
