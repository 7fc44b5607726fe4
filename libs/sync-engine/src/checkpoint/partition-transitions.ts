import {
  type SeqNoMarks,
  bindingIn,
  type BindingScan,
  type BindingState,
  type BindingSuspension,
  type PartitionIdentity,
  type PartitionState,
  type ShardHistories,
} from '@lockstep/contracts';
import { storePosition, type Position } from '../stream/position.js';

/** Pure steps of a partition's document. Nothing else changes it. */

export function withPosition(state: PartitionState, position: Position): PartitionState {
  return { ...state, position: storePosition(position) };
}

export function withIdentity(state: PartitionState, identity: PartitionIdentity): PartitionState {
  const { partitionCount: _before, ...rest } = state;
  const count = identity.rules.source.partitions ?? 1;
  return { ...rest, ...(count > 1 ? { partitionCount: count } : {}), identity };
}

export function withBinding(state: PartitionState, binding: BindingState): PartitionState {
  const { scanCount = 1 } = state;
  return {
    ...state,
    scanCount: Math.max(scanCount, binding.scanNumber ?? 1),
    bindings: { ...state.bindings, [binding.collection]: binding },
  };
}

/** The holder writes behind all that wrote before, whatever the state knew of them. */
export function withFence(state: PartitionState, fence: number): PartitionState {
  return { ...state, fence };
}

/** The collection of a binding was given its identity. */
export function withCollectionUuid(state: PartitionState, collection: string, uuid: string | null): PartitionState {
  return changeBinding(state, collection, (binding) => ({ ...binding, collectionUuid: uuid }));
}

/** Shards of the binding's index that were not known before. */
export function withHistories(state: PartitionState, collection: string, seen: ShardHistories): PartitionState {
  return changeBinding(state, collection, (binding) => ({ ...binding, histories: { ...seen, ...binding.histories } }));
}

function changeBinding(
  state: PartitionState,
  collection: string,
  change: (binding: BindingState) => BindingState,
): PartitionState {
  const binding = bindingIn(state, collection);
  return binding === undefined ? state : withBinding(state, change(binding));
}

/** The scan of a binding got further. From its first page on the rules are those of the index. */
export function withScan(
  state: PartitionState,
  collection: string,
  change: (scan: BindingScan) => BindingScan,
): PartitionState {
  const next = changeBinding(state, collection, (binding) =>
    binding.scan === null ? binding : { ...binding, scan: change(binding.scan) },
  );
  return (bindingIn(next, collection)?.scan?.cursor ?? null) === null ? next : withKeptRules(next);
}

function withKeptRules({ identity, ...state }: PartitionState): PartitionState {
  return { ...state, identity: identity && keptIdentity(identity) };
}

/** The identity, by rules that only a resync changes. */
export function keptIdentity({ isTentative: _tentative, ...identity }: PartitionIdentity): PartitionIdentity {
  return identity;
}

/** The binding is no longer followed; its target is kept as it is. A first suspension is kept, and whether it was told. */
export function withSuspension(
  state: PartitionState,
  collection: string,
  suspension: BindingSuspension,
): PartitionState {
  return changeBinding(state, collection, (binding) => ({
    ...binding,
    scan: null,
    suspension:
      binding.suspension === null
        ? suspension
        : { ...binding.suspension, isTold: binding.suspension.isTold === true || suspension.isTold === true },
  }));
}

export function beginScan(totals: {
  readonly isInitial: boolean;
  /** The largest key there is; null when the collection is empty, so that nothing is left to scan. */
  readonly upTo: string | null;
  readonly estimatedTotal: number | null;
  readonly seqNoMarks: SeqNoMarks | null;
}): BindingScan {
  return {
    cursor: null,
    upTo: totals.upTo,
    isInitial: totals.isInitial,
    isScanned: totals.upTo === null,
    isSwept: totals.seqNoMarks === null,
    scannedCount: 0,
    estimatedTotal: totals.estimatedTotal,
    seqNoMarks: totals.seqNoMarks,
  };
}

/** Bindings that were suspended are followed and scanned again. */
export function withTakenUp(state: PartitionState, scanning: readonly BindingState[]): PartitionState {
  return scanning.reduce(withBinding, state);
}

/** A resync begins: its job and the bindings that it scans, in one step. */
export function withResync(state: PartitionState, jobId: string, scanning: readonly BindingState[]): PartitionState {
  return { ...withTakenUp(state, scanning), bulkJobId: jobId };
}

/**
 * No scan goes on; the job is still named, until it has ended. What a scan was to take up is not complete in its target,
 * and waits as before; so does what is complete there while searches go elsewhere.
 * @param elsewhere collections whose read alias leads to another generation
 */
export function withCanceledScans(state: PartitionState, elsewhere: ReadonlySet<string>): PartitionState {
  return changeBindings(state, (binding) => {
    const { endsSuspension: before } = binding.scan ?? {};
    const isComplete = binding.scan?.isScanned === true && binding.scan.isSwept && !elsewhere.has(binding.collection);
    const suspension = before === undefined || isComplete ? binding.suspension : { ...before, isKept: true };
    return { ...binding, scan: null, suspension };
  });
}

/** All scans are done and the bulk sync has ended. */
export function withoutScans(state: PartitionState): PartitionState {
  return { ...withKeptRules(changeBindings(state, (binding) => ({ ...binding, scan: null }))), bulkJobId: null };
}

function changeBindings(state: PartitionState, change: (binding: BindingState) => BindingState): PartitionState {
  const bindings = Object.entries(state.bindings).map(([name, binding]) => [name, change(binding)] as const);
  return { ...state, bindings: Object.fromEntries(bindings) };
}

/**
 * Forgets position and identity and makes every binding scan again: the way out of a lost position. What is
 * in the targets stays and is swept after the scan.
 * @param bulkJobId the job that asked for it; null where one is still to be found or made
 */
export function restarted(state: PartitionState, bulkJobId: string | null = null): PartitionState {
  return {
    ...state,
    restarts: (state.restarts ?? 0) + 1,
    position: null,
    identity: null,
    bindings: {},
    bulkJobId,
    streamJobId: null,
  };
}

/** The same, for a job that reads everything again by other rules. */
export function restartedFor(state: PartitionState, jobId: string): PartitionState {
  return { ...restarted(state, jobId), streamJobId: state.streamJobId };
}

/** Begins anew by other rules, from the position on that is given, with the same jobs. */
export function begunBy(identity: PartitionIdentity, state: PartitionState): PartitionState {
  const { position, bulkJobId, streamJobId } = state;
  return withIdentity({ ...restarted(state, bulkJobId), position, streamJobId }, identity);
}

export function hasScans({ bindings }: PartitionState): boolean {
  return Object.values(bindings).some(({ scan }) => scan !== null);
}

/** Whether something was read for a scan that is due. */
export function hasBegunScans({ bindings }: PartitionState): boolean {
  return Object.values(bindings).some(({ scan }) => scan !== null && (scan.cursor !== null || scan.isScanned));
}
