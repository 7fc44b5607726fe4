import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ConnectorStore, isPattern, matchesCollection } from '@lockstep/config-store';
import type { Connector, DesiredState, Job, JobType, PartitionState, ResyncMode } from '@lockstep/contracts';
import { hasCode, LockstepError } from '@lockstep/core';
import {
  GenerationStore,
  isArriving,
  isTerminal,
  JobStore,
  newJobId,
  PartitionStore,
  rollbackCandidate,
  servingGeneration,
} from '@lockstep/jobs';
import { checkIfMatch } from '../http/if-match.js';
import { JobCancellation } from '../jobs/job-cancellation.js';
import { isInitialSyncComplete } from './initial-sync.js';

/** `job_` and the ten characters that say the time. */
const TIME_PREFIX_LENGTH = 14;
const ACTIVE_STATES = ['pending', 'running', 'paused', 'canceling'] as const;

/** What a resync is to do; null is what suits the connector. */
export interface ResyncWish {
  readonly collections: readonly string[] | null;
  readonly mode: 'newGeneration' | 'inPlace' | null;
}

/** What a bulk sync is for. */
type FillingWork = Pick<Job, 'collections'> & { readonly mode: ResyncMode };

/** What an operator may ask of a connector. */
@Injectable()
export class ConnectorActions {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly jobs: JobStore,
    private readonly partitions: PartitionStore,
    private readonly generations: GenerationStore,
    private readonly cancellation: JobCancellation,
  ) {}

  /**
   * Wishes the connector running and names the job that carries it: the bulk sync that fills the
   * targets, or the stream sync once they are filled. Repeating it starts nothing twice. It ends a quarantine.
   * @throws LockstepError CONNECTOR_UNKNOWN, API_PRECONDITION_FAILED, JOB_STATE_CONFLICT
   */
  async start(id: string, ifMatch: string | undefined): Promise<Job> {
    const connector = await this.connectors.get(id);
    const condition = checkIfMatch(ifMatch, connector.etag);
    const { number } = servingGeneration(await this.generations.get(id));
    const all = await this.partitions.listByConnector(id);
    const partitions = all.filter(({ generation }) => generation === number);
    // The job comes first: a worker that sees the wish finds the job.
    const job = isInitialSyncComplete(partitions)
      ? await this.#streamJob(connector, partitions)
      : await this.#bulkJob(connector);
    await this.partitions.pardon(id);
    await this.#wish(connector, 'running', condition);
    return job;
  }

  /** @throws LockstepError JOB_STATE_CONFLICT for a stopped connector */
  async pause(id: string, ifMatch: string | undefined): Promise<Connector> {
    return this.#change(id, ifMatch, 'paused');
  }

  /** Ends a quarantine as well. @throws LockstepError JOB_STATE_CONFLICT for a stopped connector */
  async resume(id: string, ifMatch: string | undefined): Promise<Connector> {
    return this.#change(id, ifMatch, 'running');
  }

  async stop(id: string, ifMatch: string | undefined): Promise<Connector> {
    const connector = await this.connectors.get(id);
    return this.#wish(connector, 'stopped', checkIfMatch(ifMatch, connector.etag));
  }

  /**
   * Asks for a fresh bulk sync, beside the stream sync.
   * @throws LockstepError API_REQUEST_INVALID; JOB_STATE_CONFLICT for a stopped connector, beside another bulk sync,
   * or beside a generation that is on its way
   */
  async resync(id: string, ifMatch: string | undefined, wish: ResyncWish): Promise<Job> {
    const connector = await this.connectors.get(id);
    checkIfMatch(ifMatch, connector.etag);
    checkCollections(connector, wish.collections);
    return this.#fill(connector, { mode: resyncMode(connector, wish), collections: wish.collections });
  }

  /**
   * Asks for the generation that served before to come back.
   * @throws LockstepError JOB_STATE_CONFLICT for a stopped connector, beside another bulk sync, or without one
   */
  async rollback(id: string, ifMatch: string | undefined): Promise<Job> {
    const connector = await this.connectors.get(id);
    checkIfMatch(ifMatch, connector.etag);
    if (rollbackCandidate(await this.generations.get(id)) === undefined) {
      throw new LockstepError('JOB_STATE_CONFLICT', 'There is no earlier generation to return to.');
    }
    return this.#fill(connector, { mode: 'rollback', collections: null });
  }

  async #fill(connector: Connector, job: FillingWork): Promise<Job> {
    if (connector.desiredState === 'stopped') throw stopped(job.mode === 'rollback' ? 'rolled back' : 'resynced');
    const { active, newestId } = await this.#newest(connector, 'bulk_sync');
    if (active !== null) throw busy(active);
    const arriving = (await this.generations.get(connector.id)).generations.find(isArriving);
    if (arriving !== undefined) {
      throw new LockstepError(
        'JOB_STATE_CONFLICT',
        `Generation ${arriving.number} is ${arriving.state}: wait for its end.`,
      );
    }
    const created = await this.#create(connector, {
      id: repeatableId(connector, 'bulk_sync', newestId),
      type: 'bulk_sync',
      ...job,
    });
    // Of requests that race each other, the first one decides what the job does.
    if (!isSameWork(created, job)) throw busy(created);
    return created;
  }

  async #change(id: string, ifMatch: string | undefined, desired: 'paused' | 'running'): Promise<Connector> {
    const connector = await this.connectors.get(id);
    const condition = checkIfMatch(ifMatch, connector.etag);
    if (connector.desiredState === 'stopped') throw stopped(desired === 'paused' ? 'paused' : 'resumed');
    if (desired === 'running') await this.partitions.pardon(id);
    return this.#wish(connector, desired, condition);
  }

  async #wish(connector: Connector, desired: DesiredState, condition: string | undefined): Promise<Connector> {
    if (connector.desiredState === desired) return connector;
    return this.connectors.setDesiredState(connector.id, desired, condition);
  }

  async #bulkJob(connector: Connector): Promise<Job> {
    const { active, newestId } = await this.#newest(connector, 'bulk_sync');
    if (active === null) {
      return this.#create(connector, { id: repeatableId(connector, 'bulk_sync', newestId), type: 'bulk_sync' });
    }
    if (active.state !== 'canceling') return active;
    const settled = await this.cancellation.settle(active);
    if (settled.state === 'canceling') throw busy(active);
    return this.#create(connector, { id: repeatableId(connector, 'bulk_sync', settled.id), type: 'bulk_sync' });
  }

  async #streamJob(connector: Connector, partitions: readonly PartitionState[]): Promise<Job> {
    for (const { streamJobId } of partitions) {
      const job = streamJobId === null ? null : await this.#find(streamJobId);
      if (job !== null && !isTerminal(job.state) && job.state !== 'canceling') return job;
    }
    const { active, newestId } = await this.#newest(connector, 'stream_sync');
    if (active !== null && active.state !== 'canceling') return active;
    if (active !== null && (await this.cancellation.settle(active)).state === 'canceling') throw busy(active);
    return this.#create(connector, { id: repeatableId(connector, 'stream_sync', newestId), type: 'stream_sync' });
  }

  async #find(jobId: string): Promise<Job | null> {
    try {
      return await this.jobs.get(jobId);
    } catch (error) {
      if (hasCode(error, 'JOB_UNKNOWN')) return null;
      throw error;
    }
  }

  async #newest(connector: Connector, type: JobType): Promise<{ active: Job | null; newestId: string }> {
    const query = { connectorId: connector.id, type };
    const [active, newest] = await Promise.all([
      this.jobs.list({ ...query, state: ACTIVE_STATES, pageSize: 1 }),
      this.jobs.list({ ...query, pageSize: 1 }),
    ]);
    // Lists may be a second old: a job is what its own document says.
    const listed = active.items[0] ?? newest.items[0];
    const job = listed === undefined ? null : await this.#find(listed.id);
    return { active: job !== null && !isTerminal(job.state) ? job : null, newestId: newest.items[0]?.id ?? '' };
  }

  async #create(
    connector: Connector,
    job: { id: string; type: JobType; mode?: ResyncMode; collections?: readonly string[] | null },
  ): Promise<Job> {
    const { id: connectorId, config } = connector;
    return this.jobs.create({ ...job, connectorId, connectorName: config.name, requestedBy: 'api' });
  }
}

/**
 * One id for the next job of a type: of requests that race each other, in one process or in several, all
 * name the same job and one of them creates it. A connector has one active job of each type.
 */
export function repeatableId(
  connector: Pick<Connector, 'id' | 'etag' | 'updatedAt'>,
  type: JobType,
  newestId: string,
): string {
  const digest = createHash('sha256').update(`${connector.id} ${connector.etag} ${type} ${newestId}`).digest('hex');
  const time = newJobId(Date.parse(connector.updatedAt)).slice(0, TIME_PREFIX_LENGTH);
  return `${time}${digest.slice(0, 16)}`;
}

/** In whatever order the collections are named. */
function isSameWork(job: Pick<Job, 'mode' | 'collections'>, wish: FillingWork): boolean {
  if (job.mode !== wish.mode || (job.collections === null) !== (wish.collections === null)) return false;
  const [named, wished] = [new Set(job.collections), new Set(wish.collections)];
  return named.size === wished.size && [...named].every((name) => wished.has(name));
}

/** @throws LockstepError API_REQUEST_INVALID when a new generation cannot be had */
function resyncMode(connector: Connector, { mode, collections }: ResyncWish): ResyncMode {
  const isPossible = connector.config.sink.layout === 'alias' && collections === null;
  if (mode !== 'newGeneration' || isPossible) return mode ?? (isPossible ? 'newGeneration' : 'inPlace');
  const message =
    collections === null
      ? 'needs the layout alias: the index has no alias to move'
      : 'takes all collections: name none';
  const fields = [{ pointer: '/mode', code: 'API_REQUEST_INVALID', message }];
  throw new LockstepError('API_REQUEST_INVALID', undefined, { fields });
}

function checkCollections(connector: Connector, collections: readonly string[] | null): void {
  const fields = (collections ?? []).flatMap((name, index) => {
    const message = whyNotResynced(connector, name);
    return message === null ? [] : [{ pointer: `/collections/${String(index)}`, code: 'API_REQUEST_INVALID', message }];
  });
  if (fields.length > 0) throw new LockstepError('API_REQUEST_INVALID', undefined, { fields });
}

/** A pattern matches itself, but the engine knows collections by their names: it would read nothing and succeed. */
function whyNotResynced(connector: Connector, name: string): string | null {
  if (isPattern(name)) return 'A pattern is not the name of a collection: name each one, or none for all of them.';
  if (matchesCollection(connector.config.source.collections, name)) return null;
  return 'The connector does not follow a collection of this name.';
}

const stopped = (participle: string): LockstepError =>
  new LockstepError('JOB_STATE_CONFLICT', `A stopped connector cannot be ${participle}: start it first.`);

const busy = (job: Job): LockstepError =>
  new LockstepError('JOB_STATE_CONFLICT', `The job ${job.id} is ${job.state}: wait for its end, or cancel it.`);
