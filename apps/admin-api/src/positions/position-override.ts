import { Injectable } from '@nestjs/common';
import { ConnectorStore } from '@lockstep/config-store';
import type { GenerationState, LeaseHolder, StoredPosition } from '@lockstep/contracts';
import { formatClusterTime, LockstepError } from '@lockstep/core';
import {
  earliestPosition,
  type GenerationPlan,
  GenerationStore,
  leavesGap,
  overriddenPosition,
  PartitionStore,
  WorkerDirectory,
} from '@lockstep/jobs';
import { AuditTrail } from '../audit/audit-trail.js';
import { isHeld } from '../connectors/connector-status.js';
import { checkIfMatch } from '../http/if-match.js';

export interface OverrideRequest {
  readonly connectorId: string;
  readonly ifMatch: string | undefined;
  readonly position: StoredPosition;
  /** Why, for the audit index. */
  readonly reason: string;
  readonly requestId: string;
}

/** What an override came to. */
export interface PositionChange {
  readonly connectorId: string;
  readonly auditId: string;
  /** Earliest position before, as `<seconds>.<increment>`. */
  readonly from: string | null;
  readonly to: string;
  /** Changes were left out: everything is read again when the connector runs. */
  readonly isResyncDue: boolean;
}

/** Generations that follow the source. A retired one keeps the place that a rollback replays from. */
const FOLLOWING: ReadonlySet<GenerationState> = new Set<GenerationState>(['serving', 'filling', 'returning']);

/** Sets the position of a connector that does not run: of the generation that serves, and of one on its way. */
@Injectable()
export class PositionOverride {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly partitions: PartitionStore,
    private readonly generations: GenerationStore,
    private readonly directory: WorkerDirectory,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Recorded before it is done. Can be repeated: of several partitions, those that were set stay set.
   * @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED, JOB_STATE_CONFLICT when it runs, is still held,
   * has no position yet, or has a generation that takes over
   */
  async set({ connectorId, ifMatch, position, reason, requestId }: OverrideRequest): Promise<PositionChange> {
    const connector = await this.connectors.get(connectorId);
    checkIfMatch(ifMatch, connector.etag);
    if (connector.desiredState === 'running') throw conflict('Pause or stop the connector first.');
    const [states, plan, workers] = await Promise.all([
      this.partitions.listByConnector(connectorId),
      this.generations.get(connectorId),
      this.directory.list(),
    ]);
    const following = followingNumbers(plan);
    const placed = states.filter(({ generation, position: at }) => following.has(generation) && at !== null);
    if (placed.length === 0) throw conflict('The connector has no position yet: start it.');
    const earliest = earliestPosition(placed);
    const from = earliest === null ? null : formatClusterTime(earliest);
    const gaps = new Set(placed.filter((state) => leavesGap(state, position)).map(({ generation }) => generation));
    const isResyncDue = gaps.size > 0;
    const record = await this.audit.record({
      action: 'connector.positionSet',
      subject: `/api/v1/connectors/${connectorId}`,
      connectorId,
      requestId,
      details: { reason, from, to: position.h, hasToken: position.token !== null, isResyncDue },
    });
    let changed = 0;
    try {
      for (const state of placed) {
        // Somebody may have claimed it since it was listed: the holder of now counts.
        const isGone = (lease: LeaseHolder): boolean => !isHeld([{ ...state, lease }], workers);
        await this.partitions.changeIdle(state, isGone, (current) =>
          overriddenPosition(current, position, gaps.has(state.generation)),
        );
        changed += 1;
      }
    } catch (error) {
      if (changed === 0) await this.audit.withdraw(record);
      throw error;
    }
    return { connectorId, auditId: record.source.id, from, to: position.h, isResyncDue };
  }
}

/** @throws LockstepError JOB_STATE_CONFLICT for a takeover that has to come to its end first */
function followingNumbers({ generations }: GenerationPlan): ReadonlySet<number> {
  const switching = generations.find(({ state }) => state === 'switching');
  if (switching !== undefined) throw conflict(`Generation ${switching.number} takes over: resume until it serves.`);
  return new Set(generations.flatMap(({ number, state }) => (FOLLOWING.has(state) ? [number] : [])));
}

const conflict = (message: string): LockstepError => new LockstepError('JOB_STATE_CONFLICT', message);
