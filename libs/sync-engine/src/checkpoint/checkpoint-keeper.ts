import { reached, type Clock } from '@lockstep/core';
import type { EventSink, PartitionState } from '@lockstep/contracts';
import { partitionId, type PartitionLease } from '@lockstep/jobs';
import { acknowledge, type Acknowledged, type Position } from '../stream/position.js';
import { withPosition } from './partition-transitions.js';

export interface CheckpointKeeperOptions {
  readonly lease: PartitionLease;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly checkpointMs: number;
  readonly idleCheckpointMs: number;
}

/**
 * Holds the running position and saves it, behind acknowledgements only: at most once an interval while
 * changes flow, now and then while only the token of an idle stream moves.
 */
export class CheckpointKeeper {
  private savedAtMs = 0;
  private hasChanges = false;
  private hasMoved = false;

  constructor(
    private readonly options: CheckpointKeeperOptions,
    private current: Position,
  ) {}

  get position(): Position {
    return this.current;
  }

  /** Everything up to the token is acknowledged by Elasticsearch. */
  acknowledged(batch: Acknowledged, hadChanges: boolean): void {
    this.current = acknowledge(this.current, batch);
    this.hasMoved = true;
    this.hasChanges ||= hadChanges;
  }

  replace(position: Position): void {
    this.current = position;
    this.hasMoved = true;
    this.hasChanges = true;
  }

  async saveIfDue(): Promise<void> {
    const { checkpointMs, idleCheckpointMs, clock } = this.options;
    const age = clock.monotonicMs() - this.savedAtMs;
    if (!this.hasMoved || age < (this.hasChanges ? checkpointMs : idleCheckpointMs)) return;
    await this.save();
  }

  /** Saves the position, with whatever else changes in the same write. */
  async save(change: (state: PartitionState) => PartitionState = (state) => state): Promise<void> {
    const { lease, events, clock } = this.options;
    const startedAt = clock.monotonicMs();
    const position = this.current;
    this.hasChanges = false;
    this.hasMoved = false;
    reached('checkpoint.saving');
    await lease.save((state) => change(withPosition(state, position)));
    reached('checkpoint.saved');
    this.savedAtMs = clock.monotonicMs();
    events.emit({
      type: 'checkpoint.saved',
      connectorId: lease.key.connectorId,
      partition: partitionId(lease.key),
      durationMs: this.savedAtMs - startedAt,
    });
  }
}
