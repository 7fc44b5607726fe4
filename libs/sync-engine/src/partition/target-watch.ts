import { LockstepError } from '@lockstep/core';
import type { PartitionState, ShardHistories, Target } from '@lockstep/contracts';
import { withHistories } from '../checkpoint/partition-transitions.js';
import { conditionOf } from '../runner/status-board.js';
import type { TurnContext } from './partition-context.js';
import { followedTargets } from './followed-targets.js';
import { hasOtherHistory } from './shard-history.js';

/** Sees now and then whether the indices are still those that were written, and keep what they acknowledge. */
export class TargetWatch {
  private lookedAtMs = -Infinity;

  constructor(
    private readonly context: TurnContext,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws LockstepError SINK_IDENTITY_CHANGED */
  async lookIfDue(): Promise<void> {
    const { clock, settings } = this.context;
    if (clock.monotonicMs() - this.lookedAtMs >= settings.targetLookMs) await this.look();
  }

  /** @throws LockstepError SINK_IDENTITY_CHANGED */
  async look(): Promise<void> {
    const targets = followedTargets(this.context);
    this.lookedAtMs = this.context.clock.monotonicMs();
    await this.compareHistories(targets);
    await this.tellForgetful([...targets.values()]);
  }

  /**
   * A snapshot that is restored onto a closed index leaves its name, its UUID and its mark as they were; only the
   * histories of its shards tell. Those that were not known are kept.
   */
  private async compareHistories(targets: ReadonlyMap<string, Target>): Promise<void> {
    const { sink, lease, checkpoint } = this.context;
    const found = await sink.histories([...targets.values()], this.signal);
    const learned: [string, ShardHistories][] = [];
    for (const { collection, histories = {} } of Object.values(lease.state.bindings)) {
      const index = targets.get(collection)?.index;
      const now = index === undefined ? undefined : found.get(index);
      if (index === undefined || now === undefined) continue;
      if (hasOtherHistory(histories, now)) {
        throw new LockstepError('SINK_IDENTITY_CHANGED', `${index} was restored from a snapshot, or has lost writes`);
      }
      if (Object.keys(now).some((shard) => !(shard in histories))) learned.push([collection, now]);
    }
    if (learned.length === 0) return;
    await checkpoint.save((state) =>
      learned.reduce<PartitionState>((kept, [collection, seen]) => withHistories(kept, collection, seen), state),
    );
  }

  private async tellForgetful(targets: readonly Target[]): Promise<void> {
    const { sink, status, clock } = this.context;
    const forgetful = await sink.forgetful(targets, this.signal);
    status.set(
      'targets',
      forgetful.map((index) =>
        conditionOf(
          'TargetForgetful',
          'SINK_TARGET_FORGETFUL',
          `${index} has index.translog.durability: async`,
          clock.nowMs(),
        ),
      ),
    );
  }
}
