import { formatClusterTime, parseClusterTime, type ClusterTime } from '@lockstep/core';
import {
  type SeqNoMarks,
  bindingIn,
  type BindingState,
  type BindingSuspension,
  type PartitionState,
} from '@lockstep/contracts';
import { showScans } from '../progress/scan-progress.js';
import { rangeOf } from './key-ranges.js';
import { patiently } from './patiently.js';
import type { PartitionContext } from './partition-context.js';
import { troubleOf } from './partition-trouble.js';

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

  /**
   * What was seen before is as good for a while, when there is trouble with a look.
   * @throws PartitionTrouble what one of them needs a resync for; in a generation on its way, what one failed with
   */
  async lookIfDue(): Promise<void> {
    if (this.areNone || this.context.clock.monotonicMs() - this.lookedAtMs < LOOK_MS) return;
    const states = await patiently(this.context, () => this.read());
    if (states !== null) this.see(states);
  }

  /** @throws PartitionTrouble as {@link lookIfDue} */
  async look(): Promise<void> {
    this.see(await this.read());
  }

  private async read(): Promise<readonly (PartitionState | undefined)[]> {
    const { lease, partitions, clock } = this.context;
    this.lookedAtMs = clock.monotonicMs();
    const ordinals = Array.from({ length: this.count - 1 }, (_, at) => at + 1);
    const found = await Promise.all(ordinals.map((partition) => partitions.get({ ...lease.key, partition })));
    const { restarts = 0 } = lease.state;
    return found.map((state) => (state !== undefined && (state.restarts ?? 0) === restarts ? state : undefined));
  }

  private see(states: readonly (PartitionState | undefined)[]): void {
    const { ledger } = this.context;
    this.states = states;
    ledger.shares = this.states.filter((state) => state !== undefined);
    showScans(this.context, null);
    const isFilling = this.context.generation.state !== 'serving';
    for (const state of ledger.shares) {
      const trouble = troubleOf(state, isFilling);
      if (trouble !== null) throw trouble;
    }
  }

  /** Whether all that have a part of the collection have read it, and their streams have passed the reading. */
  hasScanned(collection: string): boolean {
    const binding = bindingIn(this.context.lease.state, collection);
    return binding !== undefined && this.partsOf(binding).every((part) => part?.scan?.isSwept === true);
  }

  /** The sequence numbers that the parts of a collection have marked: what they wrote before may be beyond the lead's. */
  seqNoMarks(collection: string): readonly SeqNoMarks[] {
    const binding = bindingIn(this.context.lease.state, collection);
    return binding === undefined
      ? []
      : this.partsOf(binding).flatMap((part) => {
          const marks = part?.scan?.seqNoMarks ?? null;
          return marks === null ? [] : [marks];
        });
  }

  /** Whether nothing that is to be scanned waits for another partition. */
  haveScanned(): boolean {
    return Object.values(this.context.lease.state.bindings).every(
      ({ collection, scan }) => scan === null || this.hasScanned(collection),
    );
  }

  /** Ordinals of those that have not applied, and saved, every change up to the time; asks them to. */
  async behind(time: ClusterTime): Promise<readonly number[]> {
    const { lease, checkpoint } = this.context;
    const awaits = formatClusterTime(time);
    if (lease.state.awaits !== awaits) await checkpoint.save((state) => ({ ...state, awaits }));
    await this.look();
    const bindings = Object.values(lease.state.bindings);
    return this.states.flatMap((state, at) => {
      const ordinal = at + 1;
      const isIdle = bindings.every(({ splits = [] }) => rangeOf(splits, ordinal) === null);
      const h = state?.position?.h;
      const reached = h === undefined ? undefined : parseClusterTime(h);
      return isIdle || (reached !== undefined && reached >= time) ? [] : [ordinal];
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
      const state = this.states[at];
      const part = state && bindingIn(state, collection);
      return part !== undefined && (part.scanNumber ?? 1) === scanNumber ? part : undefined;
    });
  }
}
