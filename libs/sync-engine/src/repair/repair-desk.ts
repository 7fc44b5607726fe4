import type { ClusterTime } from '@lockstep/core';
import type { TurnContext } from '../partition/partition-context.js';
import { patiently } from '../partition/patiently.js';
import { repairTurn, type RepairPorts } from './repair-turn.js';

/** Time between two looks for dead letters that are to be tried again, milliseconds. */
const LOOK_MS = 2_000;
/** Dead letters of one turn. */
const MAX_LETTERS = 10_000;

/** Looks now and then for dead letters that an operator wants tried again, and tries them. */
export class RepairDesk {
  private lookedAtMs = -Infinity;
  private hasMore = false;

  constructor(
    private readonly context: TurnContext,
    private readonly ports: RepairPorts,
  ) {}

  /**
   * A repair turn, where one is due; nothing of the partition may be in flight.
   * @param isWaitedFor something else is due too: it has its turn between two turns of repairs
   * @returns what the stream has to reach before the next turn; null when nothing was written
   */
  async turn(isWaitedFor: boolean, signal: AbortSignal): Promise<ClusterTime | null> {
    const { context, ports } = this;
    const isNext = this.hasMore && !isWaitedFor;
    if (!isNext && context.clock.monotonicMs() - this.lookedAtMs < LOOK_MS) return null;
    const ids = await this.next();
    let reach: ClusterTime | null = null;
    if (ids.length > 0) {
      const outcome = await repairTurn({ context, ports, ids, signal });
      reach = outcome.reach;
      this.hasMore ||= !outcome.isComplete;
    }
    this.lookedAtMs = context.clock.monotonicMs();
    return reach;
  }

  private async next(): Promise<readonly string[]> {
    const ids = await patiently(this.context, () => this.context.repairs.next(MAX_LETTERS, this.hasMore));
    if (ids === null) return [];
    this.hasMore = ids.length === MAX_LETTERS;
    return ids;
  }
}
