import { latestMarks } from '../sweep/latest-marks.js';
import { bindingIn } from '@lockstep/contracts';
import { LockstepError, maxClusterTime, reached, type ClusterTime } from '@lockstep/core';
import { withScan } from '../checkpoint/partition-transitions.js';
import { Sweep, type SweepOutcome } from '../sweep/sweep.js';
import { Brake } from './brake.js';
import type { Followers } from './followers.js';
import { namespaceOf, type PartitionContext } from './partition-context.js';

interface SweepUnderWay {
  readonly collection: string;
  /** Of the scan that it is for: another one, of a collection that came again, has marks of its own. */
  readonly scanNumber: number | undefined;
  readonly steps: AsyncGenerator<ClusterTime, SweepOutcome>;
}

/** The sweep under way, turn by turn, and the brake that may hold it. */
export class SweepKeeper {
  private current: SweepUnderWay | null = null;
  private readonly brake: Brake;

  constructor(
    private readonly context: PartitionContext,
    private readonly followers: Pick<Followers, 'areNone' | 'seqNoMarks'>,
    private readonly signal: AbortSignal,
  ) {
    this.brake = new Brake(context, { reason: 'RemovalTooLarge', code: 'SWEEP_BRAKE_ENGAGED' });
  }

  /** The removal waits for an operator. */
  isHeld(collection: string): boolean {
    return this.brake.holds(collection);
  }

  /**
   * One turn of the sweep under way; where there is none, of that of the collection.
   * @returns the cluster time that the stream has to reach before the next turn; null when the sweep is over or held
   */
  async turn(next: string): Promise<ClusterTime | null> {
    const { context, signal } = this;
    const collection = this.current?.collection ?? next;
    const target = context.targets.get(collection);
    if (target === undefined) throw new LockstepError('SINK_TARGET_MISSING');
    context.ledger.meter('bulk_sync')?.enter('sweeping');
    if (this.current === null) {
      const { scan, scanNumber, splits = [] } = bindingIn(context.lease.state, collection) ?? {};
      const isConfirmed = scan?.isRemovalWanted === true || (await this.brake.confirmed()).has(collection);
      const seqNoMarks = latestMarks([scan?.seqNoMarks ?? null, ...this.followers.seqNoMarks(collection)]);
      const sweep = new Sweep(
        context,
        { target, seqNoMarks, atLeast: await this.readsFrom(), isShared: splits.length > 0 },
        signal,
      );
      this.current = { collection, scanNumber, steps: sweep.run(isConfirmed) };
    }
    const step = await this.current.steps.next();
    if (step.done !== true) return step.value;
    this.current = null;
    if (step.value.kind === 'swept') {
      reached('sweep.finished');
      await context.checkpoint.save((state) => withScan(state, collection, (scan) => ({ ...scan, isSwept: true })));
    } else {
      const { orphans, indexed } = step.value;
      reached('sweep.held');
      const missing = `${orphans} of ${indexed} documents of ${target.index} are no longer in`;
      await this.brake.engage(collection, `${missing} ${namespaceOf(context, collection)}`);
    }
    return null;
  }

  /**
   * The sweep looks at all of the index, also at what other partitions have written, with versions of their own. Its
   * removals are newer than all of those once it reads from now on; what is removed was seen to be gone, so that it is
   * right whoever removes it, and a change that comes after has a higher version.
   */
  private async readsFrom(): Promise<ClusterTime> {
    const { checkpoint, source } = this.context;
    if (this.followers.areNone) return checkpoint.readsFrom;
    return maxClusterTime(checkpoint.readsFrom, await source.majorityTime(this.signal));
  }

  /** Ends a sweep that is no longer due: its collection was dropped, or its job canceled. */
  async dropUndue(): Promise<void> {
    const { current } = this;
    if (current === null) return;
    const isOfThisScan = bindingIn(this.context.lease.state, current.collection)?.scanNumber === current.scanNumber;
    if (!isOfThisScan || !this.isDue(current.collection)) await this.drop();
  }

  async drop(): Promise<void> {
    const { current } = this;
    this.current = null;
    await current?.steps.return({ kind: 'swept' });
  }

  /** What is confirmed goes on, and what is no longer due is not held. */
  async releaseConfirmed(): Promise<void> {
    await this.brake.letGo((collection) => this.isDue(collection));
  }

  release(): void {
    this.brake.release();
  }

  private isDue(collection: string): boolean {
    const scan = bindingIn(this.context.lease.state, collection)?.scan;
    return scan?.isScanned === true && !scan.isSwept;
  }
}
