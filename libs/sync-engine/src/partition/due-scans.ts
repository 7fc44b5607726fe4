import { withTakenUp } from '../checkpoint/partition-transitions.js';
import type { BindingKeeper } from './binding-keeper.js';
import type { PartitionContext } from './partition-context.js';
import type { ReadAliasKeeper } from './read-alias-keeper.js';
import type { SessionStream } from './session-stream.js';
import type { SweepKeeper } from './sweep-keeper.js';

export interface DueScansParts {
  readonly bindings: BindingKeeper;
  readonly stream: SessionStream;
  readonly sweeps: SweepKeeper;
  readonly aliases: ReadAliasKeeper;
}

/** Collections that are new, or come back: a job scans them. */
export class DueScans {
  constructor(
    private readonly context: PartitionContext,
    private readonly parts: DueScansParts,
    private readonly signal: AbortSignal,
  ) {}

  /** @returns whether there are new ones: the stream has to be opened anew */
  async takeUpCollections(): Promise<boolean> {
    if (!(await this.parts.bindings.refresh())) return false;
    // Also those that came while nobody worked here are scanned by a job.
    await this.scanMore();
    return true;
  }

  /**
   * Collections that were dropped and whose policy is not to keep their targets as they are. The stream first passes
   * whatever it still has to tell of the drop.
   */
  async takeUpReturning(): Promise<void> {
    const { context, signal } = this;
    const { bindings, stream } = this.parts;
    if (bindings.returning.length === 0) return;
    await stream.turns.catchUp(await context.source.majorityTime(signal), signal);
    const scanning = await bindings.prepareReturns();
    bindings.lookSoon();
    if (scanning.length === 0) return;
    await context.ledger.takeBackConfirmations(scanning.map(({ collection }) => collection));
    await context.checkpoint.save((state) => withTakenUp(state, scanning));
    await this.scanMore();
  }

  /** There is more to scan than before: by a job, and what the brake holds is counted anew behind it. */
  private async scanMore(): Promise<void> {
    this.parts.sweeps.release();
    this.parts.aliases.release();
    const { generation, ledger } = this.context;
    if (generation.state === 'serving') await ledger.ensureRunning('bulk_sync', 'scanning');
  }
}
