import type { Target } from '@lockstep/contracts';
import { namespaceOf, type TurnContext } from '../partition/partition-context.js';

/**
 * Maps the fields of a target that holds no document yet from a sample of its collection, instead of from the
 * documents that happen to come first. A collection that cannot be sampled is synced all the same.
 */
export async function mapSample(
  context: TurnContext,
  { collection, target }: { readonly collection: string; readonly target: Target },
  signal: AbortSignal,
): Promise<void> {
  const startedAt = context.clock.monotonicMs();
  const { documents, fields, code } = await context.source.sampleFields(collection, signal);
  await context.sink.mapSample(target, fields, signal);
  context.events.emit({
    type: 'collection.sampled',
    connectorId: context.connector.id,
    namespace: namespaceOf(context, collection),
    documents,
    fields: new Set(fields.map(({ path }) => path)).size,
    code,
    durationMs: context.clock.monotonicMs() - startedAt,
  });
}
