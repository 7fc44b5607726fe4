import { ERROR_CATALOGUE, type Clock } from '@lockstep/core';
import type { WriteResult } from '@lockstep/contracts';
import { conditionOf, type StatusBoard } from '../runner/status-board.js';
import { isFrozen, nextConflictRun, NO_CONFLICTS } from './conflict-run.js';

/** Tells when nothing but conflicts come, and when it is over. */
export class ConflictWatch {
  private run = NO_CONFLICTS;
  private told: boolean | null = null;

  constructor(
    private readonly status: Pick<StatusBoard, 'set'>,
    private readonly clock: Clock,
  ) {}

  wrote(result: WriteResult): void {
    const now = this.clock.monotonicMs();
    this.run = nextConflictRun(this.run, result, now);
    const isBad = isFrozen(this.run, now);
    if (isBad === this.told) return;
    this.told = isBad;
    const { title } = ERROR_CATALOGUE.SINK_TARGET_FROZEN;
    const condition = conditionOf('TargetFrozen', 'SINK_TARGET_FROZEN', title, this.clock.nowMs());
    this.status.set('conflicts', isBad ? [condition] : []);
  }
}
