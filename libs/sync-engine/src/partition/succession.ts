import { clusterTimeSeconds, reached, type ClusterTime } from '@lockstep/core';
import { resolveIndexName } from '@lockstep/config-store';
import type { Binding, Condition, PartitionState } from '@lockstep/contracts';
import { servingGeneration } from '@lockstep/jobs';
import { withoutScans } from '../checkpoint/partition-transitions.js';
import { conditionOf } from '../runner/status-board.js';
import type { StreamTurn } from '../turns/stream-turn.js';
import { Brake } from './brake.js';
import { followedTargets } from './followed-targets.js';
import type { Followers } from './followers.js';
import { lostToSearches } from './lost-to-searches.js';
import type { PartitionContext } from './partition-context.js';
import { restoreTargets } from './restore-targets.js';

/** How far behind a partition may be when its generation takes over, seconds of cluster time. */
const MAX_BEHIND_SECONDS = 10;
/** A wait for other partitions that is longer is told, milliseconds. */
const TOLD_WAIT_MS = 5_000;

/**
 * How a generation that is filled takes the place of the one that serves. Each step can be repeated, and whoever
 * comes after a crash goes on where it stopped:
 *
 * 1. the streams of all partitions catch up with now; settings are restored, searches see everything
 * 2. the brake: a generation with far fewer documents than the one that serves waits for a confirmation
 * 3. the read aliases are all ours, and `switching` is stored: from here on nobody gives the generation up
 * 4. the read aliases of all bindings move in one step, and those of bindings that are no more end. Both generations follow their streams meanwhile
 * 5. `serving` is stored, and with it that the other one is retired: its worker lets it rest where it stands
 */
export class Succession {
  private readonly brake: Brake;
  /** What the other partitions have to reach; the first time is kept, so that they come to it. */
  private mustReach: ClusterTime | null = null;
  private waitsSinceMs: number | null = null;
  private toldWait: string | null = null;

  constructor(
    private readonly context: PartitionContext,
    private readonly followers: Followers,
    private readonly signal: AbortSignal,
  ) {
    this.brake = new Brake(context, { reason: 'GenerationTooSmall', code: 'GENERATION_BRAKE_ENGAGED' });
  }

  /** Ends with the generation serving (true), or with one stream turn while the brake holds it (false). */
  async turn(stream: StreamTurn): Promise<boolean> {
    const { context, signal } = this;
    await this.brake.letGo(() => true);
    if (this.brake.isEngaged) {
      await stream.follow(signal);
      return false;
    }
    context.ledger.meter('bulk_sync')?.enter('streaming');
    await stream.catchUp(await context.source.majorityTime(signal), signal);
    await context.checkpoint.save();
    const behind = await this.behind();
    await this.tellWait(behind);
    if (behind !== null) {
      await stream.follow(signal);
      return false;
    }
    await restoreTargets(context, signal);
    reached('generation.filled');
    const before = await this.predecessor();
    await this.brake.hold(await this.tooSmall(before));
    if (this.brake.isEngaged) return false;
    await this.takeOver(before);
    return true;
  }

  /**
   * A time that all have reached is asked for once. Where one of them took long, or the brake has held the takeover
   * since, it says nothing about now: they are to reach a younger one.
   * @returns what is waited for: partitions by ordinal, none of them once they only have to come nearer; null for nothing
   */
  private async behind(): Promise<readonly number[] | null> {
    if (this.followers.areNone) return null;
    const now = await this.context.source.majorityTime(this.signal);
    this.mustReach ??= now;
    const { mustReach } = this;
    const behind = await this.followers.behind(mustReach);
    if (behind.length > 0) return behind;
    this.mustReach = null;
    return clusterTimeSeconds(now) - clusterTimeSeconds(mustReach) <= MAX_BEHIND_SECONDS ? null : [];
  }

  /** A partition that is steadily behind keeps the generation from serving: whoever waits for it has to know. */
  private async tellWait(behind: readonly number[] | null): Promise<void> {
    const { clock } = this.context;
    if (behind === null) {
      this.waitsSinceMs = null;
      return this.setWait(null);
    }
    const now = clock.monotonicMs();
    this.waitsSinceMs ??= now;
    const waitedMs = now - this.waitsSinceMs;
    if (waitedMs < TOLD_WAIT_MS || behind.length === 0) return;
    const which = behind.length === 1 ? `partition ${behind[0]} is` : `partitions ${behind.join(', ')} are`;
    const message = `The new generation is filled and waits to serve: ${which} behind`;
    const sinceMs = clock.nowMs() - waitedMs;
    await this.setWait(conditionOf('TakeoverWaits', 'GENERATION_PARTITION_BEHIND', message, sinceMs));
  }

  private async setWait(condition: Condition | null): Promise<void> {
    const { status, ledger } = this.context;
    if (this.toldWait === (condition?.message ?? null)) return;
    this.toldWait = condition?.message ?? null;
    status.set('takeover', condition === null ? [] : [condition]);
    await ledger.tellBulk(null, { condition });
  }

  private async takeOver(before: PartitionState | undefined): Promise<void> {
    const { context, signal } = this;
    const { connectorId, generation } = context.lease.key;
    await context.sink.serve([...followedTargets(context).values()], this.withdrawn(before), {
      signal,
      // Only when all aliases are ours: behind this nobody can give the generation up.
      isDue: async () => {
        await context.generations.commit(connectorId, context.generation);
        reached('generation.committed');
        return true;
      },
    });
    reached('generation.aliased');
    if (before !== undefined) await context.ledger.inheritStream(before.streamJobId);
    await context.generations.serve(connectorId, generation);
    reached('generation.served');
    // An operator's command that came too late: the next session, which serves, answers it.
    if (await context.ledger.complete('bulk_sync')) await context.checkpoint.save(withoutScans);
  }

  /** The partition of the generation that serves; undefined when it is this one already. */
  private async predecessor(): Promise<PartitionState | undefined> {
    const { generations, partitions, lease } = this.context;
    const { connectorId, generation } = lease.key;
    const { number } = servingGeneration(await generations.get(connectorId));
    return number === generation ? undefined : partitions.get({ connectorId, generation: number, partition: 0 });
  }

  /** Bindings that the generation which serves has, and this one has not: searches by their names will end. */
  private withdrawn(before: PartitionState | undefined): readonly Binding[] {
    const rules = before?.identity?.rules;
    if (before === undefined || rules === undefined) return [];
    const { context } = this;
    const { database: present } = context.connector.config.source;
    const { database = present } = rules.source;
    // Of a collection that had to stop while it was filled, searches keep what they find.
    const own = context.connector.config.sink.index;
    const kept = new Set(
      Object.keys(context.lease.state.bindings).map((collection) => resolveIndexName(own, present, collection)),
    );
    return Object.keys(before.bindings)
      .map((collection) => ({
        database,
        collection,
        namespace: `${database}.${collection}`,
        index: resolveIndexName(rules.sink.index, database, collection),
      }))
      .filter(({ index }) => !kept.has(index));
  }

  /** By collection, what searches would no longer find. A generation that comes back was asked for as it was. */
  private async tooSmall(before: PartitionState | undefined): Promise<ReadonlyMap<string, string>> {
    const { context, signal } = this;
    if (context.generation.state !== 'filling') return new Map();
    const confirmed = await this.brake.confirmed();
    const found = await lostToSearches(context, followedTargets(context).values(), { confirmed, signal });
    for (const binding of this.withdrawn(before)) {
      const served = await context.sink.countServed(binding, signal);
      if (served === 0 || confirmed.has(binding.collection)) continue;
      const message = `The new generation has no index for ${binding.index}, which serves ${served} documents`;
      found.set(binding.collection, message);
    }
    return found;
  }
}
