import { LockstepError, reached, type ClusterTime } from '@lockstep/core';
import { withScan } from '../checkpoint/partition-transitions.js';
import { conditionOf } from '../runner/status-board.js';
import { Sweep, type SweepOutcome } from '../sweep/sweep.js';
import { namespaceOf, type PartitionContext } from './partition-context.js';

/** The sweep under way, turn by turn, and the brake that may hold it. */
export class SweepKeeper {
  private current: { readonly collection: string; readonly steps: AsyncGenerator<ClusterTime, SweepOutcome> } | null =
    null;
  private isHeld = false;

  constructor(
    private readonly context: PartitionContext,
    private readonly signal: AbortSignal,
  ) {}

  /** A removal waits for an operator. */
  get isBraked(): boolean {
    return this.isHeld;
  }

  /**
   * One turn of the sweep of a collection.
   * @returns the cluster time that the stream has to reach before the next turn; null when the sweep is over or held
   */
  async turn(collection: string): Promise<ClusterTime | null> {
    const { context, signal } = this;
    const target = context.targets.get(collection);
    if (target === undefined) throw new LockstepError('SINK_TARGET_MISSING');
    context.ledger.meter('bulk_sync')?.enter('sweeping');
    if (this.current?.collection !== collection) {
      const isWanted = context.lease.state.bindings[collection]?.scan?.isRemovalWanted === true;
      const steps = new Sweep(context, target, signal).run(isWanted || (await context.ledger.confirmed()));
      this.current = { collection, steps };
    }
    const step = await this.current.steps.next();
    if (step.done !== true) return step.value;
    this.current = null;
    if (step.value.kind === 'swept') {
      reached('sweep.finished');
      await context.checkpoint.save((state) => withScan(state, collection, (scan) => ({ ...scan, isSwept: true })));
    } else {
      await this.hold(collection, target.index, step.value);
    }
    return null;
  }

  /** Ends a sweep that is no longer due: its collection was dropped, or its job canceled. */
  async dropUndue(): Promise<void> {
    if (this.current === null) return;
    const scan = this.context.lease.state.bindings[this.current.collection]?.scan;
    if (scan?.isScanned !== true || scan.isSwept) await this.drop();
  }

  async drop(): Promise<void> {
    const { current } = this;
    this.current = null;
    await current?.steps.return({ kind: 'swept' });
  }

  async releaseIfConfirmed(): Promise<void> {
    if (this.isHeld && (await this.context.ledger.confirmed())) this.release();
  }

  release(): void {
    this.isHeld = false;
    this.context.status.clear('brake');
  }

  private async hold(
    collection: string,
    index: string,
    { orphans, indexed }: { readonly orphans: number; readonly indexed: number },
  ): Promise<void> {
    const { context } = this;
    reached('sweep.held');
    this.isHeld = true;
    const message = `${orphans} of ${indexed} documents of ${index} are no longer in ${namespaceOf(context, collection)}`;
    const condition = conditionOf('RemovalTooLarge', 'SWEEP_BRAKE_ENGAGED', message, context.clock.nowMs());
    context.status.set('brake', [condition]);
    await context.ledger.trouble(new LockstepError('SWEEP_BRAKE_ENGAGED', message), condition);
  }
}
