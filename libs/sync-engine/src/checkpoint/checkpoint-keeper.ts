import { reached, type Clock, type ClusterTime } from '@lockstep/core';
import type { EventSink, PartitionState } from '@lockstep/contracts';
import { partitionId, type PartitionLease } from '@lockstep/jobs';
import { withWork, type JobWork } from '../progress/job-figures.js';
import { acknowledge, type Acknowledged, type Position } from '../stream/position.js';
import { sessionBound } from '../turns/read-bounds.js';
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
  private floor: ClusterTime = 0n;
  private uncounted: readonly JobWork[] = [];

  constructor(
    private readonly options: CheckpointKeeperOptions,
    private current: Position,
  ) {}

  get position(): Position {
    return this.current;
  }

  /** How new every read of this session has to be at least: H, or the beginning of the session. */
  get readsFrom(): ClusterTime {
    return sessionBound(this.current.h, this.floor);
  }

  /**
   * A session begins at this majority time of the source. A former one may have written with versions up to it,
   * also what it had not acknowledged; what is done again with a lower version would find itself outdated, and
   * take the removal of a refused state for newer data.
   */
  begin(time: ClusterTime): void {
    this.floor = time;
  }

  /**
   * Everything up to the token is acknowledged by Elasticsearch.
   * @param works all that was done since the token before
   */
  acknowledged(batch: Acknowledged, works: readonly JobWork[]): void {
    this.current = acknowledge(this.current, batch);
    this.hasMoved = true;
    this.hasChanges ||= works.length > 0;
    this.uncounted = [...this.uncounted, ...works];
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

  /** Saves the position and what was done on the way to it, with whatever else changes in the same write. */
  async save(change: (state: PartitionState) => PartitionState = (state) => state): Promise<void> {
    const { lease, events, clock } = this.options;
    const startedAt = clock.monotonicMs();
    const { current: position, uncounted } = this;
    this.uncounted = [];
    this.hasChanges = false;
    this.hasMoved = false;
    reached('checkpoint.saving');
    try {
      await lease.save((state) => change(uncounted.reduce(withWork, withPosition(state, position))));
    } catch (error) {
      this.uncounted = [...uncounted, ...this.uncounted];
      throw error;
    }
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
