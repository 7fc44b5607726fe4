import type { ConnectorStore } from '@lockstep/config-store';
import type { Connector, PartitionState } from '@lockstep/contracts';
import { type Clock, hasCode, LockstepError, sleep, systemClock } from '@lockstep/core';
import type { DeadLetterStore, OriginalIdStore } from '@lockstep/elastic-sink';
import {
  isTerminal,
  type GenerationStore,
  type JobStore,
  type PartitionStore,
  type WorkerDirectory,
} from '@lockstep/jobs';
import { checkIfMatch } from '../http/if-match.js';
import { isHeld } from './connector-status.js';
import type { OwnedIndices } from './owned-indices.js';

/** How long a removal waits for the workers to let go, milliseconds. */
const LET_GO_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 250;
/** A worker that read the old wish a moment ago may claim this long after the new one, milliseconds. */
const LAST_CLAIM_WITHIN_MS = 2_500;

export interface RemovalRequest {
  readonly connectorId: string;
  readonly ifMatch: string | undefined;
  readonly shouldDeleteIndices: boolean;
}

export interface RemovalParts {
  readonly connectors: ConnectorStore;
  readonly jobs: JobStore;
  readonly partitions: PartitionStore;
  readonly generations: GenerationStore;
  readonly directory: WorkerDirectory;
  readonly indices: OwnedIndices;
  readonly deadLetters: DeadLetterStore;
  readonly originalIds: OriginalIdStore;
  readonly clock?: Clock;
}

/** Removes a connector: stop, wait until no worker holds it, then its jobs, its state, itself. */
export class ConnectorRemoval {
  readonly #clock: Clock;

  constructor(private readonly parts: RemovalParts) {
    this.#clock = parts.clock ?? systemClock;
  }

  /**
   * Every step can be repeated: a removal that was cut short is finished by the next one.
   * @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED, API_REQUEST_INVALID (indices of a
   * cluster that the API has no credentials for), JOB_STATE_CONFLICT (a worker still holds a partition)
   */
  async remove(request: RemovalRequest): Promise<void> {
    const connector = await this.parts.connectors.get(request.connectorId);
    const condition = checkIfMatch(request.ifMatch, connector.etag);
    if (request.shouldDeleteIndices) refuseForeignCluster(connector);
    const isStopped = connector.desiredState === 'stopped';
    if (!isStopped) await this.parts.connectors.setDesiredState(connector.id, 'stopped', condition);
    await this.#waitUntilLetGo(connector.id, isStopped ? 0 : LAST_CLAIM_WITHIN_MS);
    await this.#endJobs(connector.id);
    if (request.shouldDeleteIndices) await this.parts.indices.deleteOf(connector.id);
    await this.parts.deadLetters.deleteByConnector(connector.id);
    await this.parts.originalIds.removeAll({ connectorId: connector.id });
    await this.parts.partitions.deleteByConnector(connector.id);
    await this.parts.generations.deleteByConnector(connector.id);
    await this.parts.connectors.delete(connector.id);
  }

  async #waitUntilLetGo(connectorId: string, lastClaimWithinMs: number): Promise<void> {
    const { directory } = this.parts;
    const startMs = this.#clock.monotonicMs();
    for (;;) {
      const workers = await directory.list();
      const mayStillClaim =
        workers.some((worker) => worker.isAlive) && this.#clock.monotonicMs() - startMs < lastClaimWithinMs;
      if (!mayStillClaim && !isHeld(await this.#partitionsNow(connectorId), workers)) return;
      if (this.#clock.monotonicMs() - startMs > LET_GO_WITHIN_MS) {
        const message = 'A worker still holds the connector. It has been told to stop; repeat the request.';
        throw new LockstepError('JOB_STATE_CONFLICT', message, { retryAfterMs: 5_000 });
      }
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** Lists may be a second old: what decides is read as of now. */
  async #partitionsNow(connectorId: string): Promise<readonly PartitionState[]> {
    const listed = await this.parts.partitions.listByConnector(connectorId);
    const now = await Promise.all(listed.map((partition) => this.parts.partitions.get(partition)));
    return now.filter((partition) => partition !== undefined);
  }

  async #endJobs(connectorId: string): Promise<void> {
    const { items } = await this.parts.jobs.list({ connectorId, state: ['pending', 'running', 'paused', 'canceling'] });
    for (const job of items) {
      try {
        const canceling = await this.parts.jobs.command(job.id, { kind: 'cancel' });
        if (!isTerminal(canceling.state)) await this.parts.jobs.command(job.id, { kind: 'canceled' });
      } catch (error) {
        // It ended by itself in between.
        if (!hasCode(error, 'JOB_STATE_CONFLICT', 'JOB_UNKNOWN')) throw error;
      }
    }
  }
}

function refuseForeignCluster(connector: Connector): void {
  if (connector.config.sink.elasticsearch === undefined) return;
  throw new LockstepError(
    'API_REQUEST_INVALID',
    'The indices are in another cluster, and the API has no credentials for it: delete the connector without deleteIndices, and the indices there.',
    {
      fields: [
        {
          pointer: '/deleteIndices',
          code: 'API_REQUEST_INVALID',
          message: 'is not supported for a connector with sink.elasticsearch',
        },
      ],
    },
  );
}
