import type { Target } from '@lockstep/contracts';
import { isBrakeEngaged } from '../sweep/brake-decision.js';
import type { PartitionContext } from './partition-context.js';

/**
 * By collection, what searches would no longer find once the read aliases of these targets lead to them, where it is more
 * than the brake lets pass.
 * @param confirmed collections whose loss is wanted
 */
export async function lostToSearches(
  context: PartitionContext,
  targets: Iterable<Target>,
  { confirmed, signal }: { readonly confirmed: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<Map<string, string>> {
  const { sink, connector } = context;
  const { brakeRatio: maxRatio } = connector.config.sink;
  const found = new Map<string, string>();
  for (const target of targets) {
    const { binding, index } = target;
    const served = await sink.countServed(binding, signal);
    const missing = Math.max(0, served - (await sink.count(target, signal)));
    const isConfirmed = confirmed.has(binding.collection);
    if (!isBrakeEngaged({ indexed: served, orphans: missing, maxRatio, isConfirmed })) continue;
    found.set(binding.collection, `${missing} of ${served} documents that ${binding.index} serves are not in ${index}`);
  }
  return found;
}
