import { isDeepStrictEqual } from 'node:util';
import type { BindingState, PartitionIdentity, PartitionState } from '@lockstep/contracts';
import type { PartitionLease, PartitionStore } from '@lockstep/jobs';
import { keptIdentity, restarted } from '../checkpoint/partition-transitions.js';
import { rangeOf } from './key-ranges.js';

/** What the others go by: a lead that knows its source and its rules. */
export type KnownLead = PartitionState & { readonly identity: PartitionIdentity };

/** The lead's document, as of now; null while there is nothing to go by. */
export async function readLead(partitions: PartitionStore, { key }: PartitionLease): Promise<KnownLead | null> {
  const lead = await partitions.get({ ...key, partition: 0 });
  return lead === undefined || lead.identity === null ? null : { ...lead, identity: lead.identity };
}

/** Whether the partition has begun anew as often as the lead: else it belongs to what was forgotten. */
export function isOfLead(state: PartitionState, lead: PartitionState): boolean {
  return state.identity !== null && (state.restarts ?? 0) === (lead.restarts ?? 0);
}

/** The partition begins anew, by the lead's rules. */
export function begunWith(state: PartitionState, lead: KnownLead): PartitionState {
  const { restarts = 0 } = lead;
  const identity = keptIdentity(lead.identity);
  return withJobsOf({ ...restarted(state), restarts, identity, counters: {}, lagMs: null }, lead);
}

export function hasJobsOf(state: PartitionState, { bulkJobId, streamJobId }: PartitionState): boolean {
  return state.bulkJobId === bulkJobId && state.streamJobId === streamJobId;
}

/** The partition counts for the jobs that the lead works on. */
export function withJobsOf(state: PartitionState, { bulkJobId, streamJobId }: PartitionState): PartitionState {
  return { ...state, bulkJobId, streamJobId };
}

/** What of the lead's bindings a partition has a part of, with that part. */
export function partsFor(lead: PartitionState, partition: number): readonly BindingState[] {
  return Object.values(lead.bindings).flatMap((binding) => {
    const range = rangeOf(binding.splits ?? [], partition);
    return range === undefined || range === null ? [] : [{ ...binding, range }];
  });
}

/** What becomes of a binding of a partition, seen from the lead's. */
export type BindingStep =
  /** Followed from now on, as it was not before, and scanned. */
  | 'add'
  /** Scanned once more. */
  | 'scan'
  /** The collection was given its identity. */
  | 'identify'
  /** The lead is through with a collection that this partition has never read: its own document was lost. */
  | 'lost'
  /** The lead has stopped to follow it. */
  | 'suspend'
  /** The scan is over for all, or was given up. */
  | 'endScan'
  | 'none';

export function bindingStep(own: BindingState | undefined, leads: BindingState): BindingStep {
  if (leads.suspension !== null) return own?.suspension === null ? 'suspend' : 'none';
  if (own === undefined || !isDeepStrictEqual(own.range, leads.range)) return leads.scan === null ? 'lost' : 'add';
  if ((own.scanNumber ?? 1) !== (leads.scanNumber ?? 1)) return 'scan';
  if (own.collectionUuid === null && leads.collectionUuid !== null) return 'identify';
  return own.scan !== null && leads.scan === null ? 'endScan' : 'none';
}
