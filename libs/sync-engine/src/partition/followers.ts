import { formatClusterTime, LockstepError, parseClusterTime, type ClusterTime } from '@lockstep/core';
import type { BindingState, BindingSuspension, PartitionState } from '@lockstep/contracts';
import { showScans } from '../progress/scan-progress.js';
import { rangeOf } from './key-ranges.js';
import type { PartitionContext } from './partition-context.js';

/** Time between two looks, milliseconds. */
const LOOK_MS = 1_000;

/** A collection that another partition has stopped to follow. */
export interface FoundSuspension {
  readonly collection: string;
  readonly suspension: BindingSuspension;
}

/**
 * What the lead sees of the other partitions of its generation. They go by the lead's document; the lead only waits for
 * them, and takes up what they cannot settle themselves. Where there is one partition, nothing is read.
 */
export class Followers {
  /** By ordinal, from 1; undefined for one that is not there yet, or has not begun anew as the lead has. */
  private states: readonly (PartitionState | undefined)[] = [];
  private lookedAtMs = -Infinity;

  constructor(private readonly context: PartitionContext) {}

  get areNone(): boolean {
    return this.count === 1;
  }

  /** @throws LockstepError what one of them needs a resync for; in a generation on its way, what one failed with */
  async lookIfDue(): Promise<void> {
    if (this.areNone || this.context.clock.monotonicMs() - this.lookedAtMs < LOOK_MS) return;
    await this.look();
  }

  /** @throws LockstepError as {@link lookIfDue} */
  async look(): Promise<void> {
    const { lease, partitions, ledger, clock } = this.context;
    const ordinals = Array.from({ length: this.count - 1 }, (_, at) => at + 1);
    const found = await Promise.all(ordinals.map((partition) => partitions.get({ ...lease.key, partition })));
    const { restarts = 0 } = lease.state;
    this.states = found.map((state) => (state !== undefined && (state.restarts ?? 0) === restarts ? state : undefined));
    this.lookedAtMs = clock.monotonicMs();
    ledger.shares = this.states.filter((state) => state !== undefined);
    showScans(this.context, null);
    for (const state of ledger.shares) this.takeUpTrouble(state);
  }

  /** Whether all that have a part of the collection have read it, and their streams have passed the reading. */
  hasScanned(collection: string): boolean {
    const binding = this.context.lease.state.bindings[collection];
    return binding !== undefined && this.partsOf(binding).every((part) => part?.scan?.isSwept === true);
  }

  /** Whether nothing that is to be scanned waits for another partition. */
  haveScanned(): boolean {
    return Object.values(this.context.lease.state.bindings).every(
      ({ collection, scan }) => scan === null || this.hasScanned(collection),
    );
  }

  /** Whether all of them have applied, and saved, every change up to the time; asks them to. */
  async haveReached(time: ClusterTime): Promise<boolean> {
    const { lease, checkpoint } = this.context;
    const awaits = formatClusterTime(time);
    if (lease.state.awaits !== awaits) await checkpoint.save((state) => ({ ...state, awaits }));
    await this.look();
    const bindings = Object.values(lease.state.bindings);
    return this.states.every((state, at) => {
      const isIdle = bindings.every(({ splits = [] }) => rangeOf(splits, at + 1) === null);
      const h = state?.position?.h;
      const reached = h === undefined ? undefined : parseClusterTime(h);
      return isIdle || (reached !== undefined && reached >= time);
    });
  }

  /** Collections that others have stopped to follow, and the lead has not: a listing or a stream was ahead of ours. */
  suspended(): readonly FoundSuspension[] {
    return Object.values(this.context.lease.state.bindings).flatMap((binding) => {
      if (binding.suspension !== null) return [];
      const suspension = this.partsOf(binding).find((part) => (part?.suspension ?? null) !== null)?.suspension ?? null;
      return suspension === null ? [] : [{ collection: binding.collection, suspension }];
    });
  }

  private get count(): number {
    return this.context.lease.state.partitionCount ?? 1;
  }

  /** The binding as those follow it that have a part of it; undefined where one has not come to the same scan yet. */
  private partsOf({ collection, splits = [], scanNumber = 1 }: BindingState): readonly (BindingState | undefined)[] {
    return Array.from({ length: Math.min(splits.length, this.count - 1) }, (_, at) => {
      const part = this.states[at]?.bindings[collection];
      return part !== undefined && (part.scanNumber ?? 1) === scanNumber ? part : undefined;
    });
  }

  private takeUpTrouble({ partition, observedState, conditions }: PartitionState): void {
    const isFilling = this.context.generation.state !== 'serving';
    if (observedState !== 'resync_required' && !(isFilling && observedState === 'failed')) return;
    const [condition] = conditions.filter(({ reason }) => reason === 'ResyncRequired' || reason === 'Failed');
    if (condition === undefined) return;
    throw new LockstepError(condition.code, `partition ${partition}: ${condition.message}`);
  }
}
