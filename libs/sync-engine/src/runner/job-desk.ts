import { hasCode, reached, type Clock } from '@lockstep/core';
import type { ConnectorStore } from '@lockstep/config-store';
import type { Connector, Job, JobError, PartitionState } from '@lockstep/contracts';
import {
  carriesConnector,
  isTerminal,
  servingGeneration,
  type GenerationStore,
  type JobCommand,
  type JobPage,
  type JobStore,
  type PartitionStore,
} from '@lockstep/jobs';
import type { ConnectorRunner } from './connector-runner.js';
import { generationJobStep } from './generation-job-step.js';
import { isLeftOver } from './left-over-job.js';

export interface JobDeskParts {
  readonly connectors: ConnectorStore;
  readonly jobs: JobStore;
  readonly generations: GenerationStore;
  readonly partitions: PartitionStore;
  readonly clock: Clock;
}

/** What the desk needs to know of the runners, and whom it asks. */
export interface JobDeskPorts {
  /** The runner of the generation that serves, where this worker has it. */
  runnerOf(connectorId: string): ConnectorRunner | undefined;
  /** Somebody works for the connector, or is about to: its jobs are not ours to settle. */
  isElsewhere(connectorId: string): boolean;
  /** Takes the leases of a stopped connector for as long as it takes to end its jobs. */
  settle(connector: Connector): Promise<void>;
}

/** How long a job may wait for its connector to be wished running, or to be taken up, milliseconds. */
const PENDING_GRACE_MS = 30_000;

const GIVEN_UP: JobError = { code: 'JOB_STATE_CONFLICT', message: 'The generation was given up.' };

/** New jobs and cancellations go to whoever works on their connector; leftovers of stopped ones are settled. */
export class JobDesk {
  constructor(
    private readonly parts: JobDeskParts,
    private readonly ports: JobDeskPorts,
  ) {}

  /** Looks at every job that is not over. @param isolated keeps the trouble of one from the others */
  async look(isolated: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    let pageToken: string | null = null;
    do {
      const page: JobPage = await this.parts.jobs.list({
        state: ['pending', 'running', 'paused', 'canceling'],
        pageSize: 200,
        ...(pageToken === null ? {} : { pageToken }),
      });
      for (const job of page.items) await isolated(() => this.handOn(job));
      pageToken = page.nextPageToken;
    } while (pageToken !== null);
  }

  private async handOn(job: Job): Promise<void> {
    if (job.mode === 'newGeneration' || job.mode === 'rollback') return this.handOnGeneration(job);
    const runner = this.ports.runnerOf(job.connectorId);
    if (runner !== undefined) {
      if (job.state === 'pending') return this.offer(job, runner);
      if (!runner.worksFor(job.id) && (await this.endLeftOver(job))) return;
      if (job.state === 'canceling' && !runner.cancel(job.id)) await this.obeyCancellation(job);
      return;
    }
    if (this.ports.isElsewhere(job.connectorId)) return;
    const connector = await this.find(job.connectorId);
    if (connector === undefined) return this.endAsCanceled(job);
    const isStopped = connector.desiredState === 'stopped';
    if (job.state === 'pending') return isStopped ? this.cancelIfForgotten(job) : undefined;
    if (await this.endLeftOver(job)) return;
    if (isStopped) return this.ports.settle(connector);
    // A paused one: nobody works on it.
    if (job.state === 'canceling') await this.obeyCancellation(job);
  }

  /** The stream sync is one job: a second one, which was asked for while a worker began its own, is not taken up. */
  private async offer(job: Job, runner: ConnectorRunner): Promise<void> {
    runner.offer(job);
    if (job.type !== 'stream_sync' || this.isYoung(job)) return;
    const { streamJobId = null } = (await this.servingLead(job.connectorId)) ?? {};
    if (streamJobId === null || streamJobId === job.id) return;
    if ((await this.parts.jobs.get(streamJobId)).state === 'running') await this.endAsCanceled(job);
  }

  /**
   * The generation that takes over reads what the one before was about to scan: what that one has begun, and nobody has
   * ended, ends here. The job is read before the lead.
   * @returns whether the job is over
   */
  private async endLeftOver({ id, connectorId }: Job): Promise<boolean> {
    const job = await this.parts.jobs.get(id);
    if (isTerminal(job.state)) return true;
    if (!isLeftOver(job, await this.servingLead(connectorId))) return false;
    await this.endAsCanceled(job);
    return true;
  }

  /** A canceled job that no session is to end. */
  private async obeyCancellation({ id, connectorId }: Job): Promise<void> {
    const connector = await this.find(connectorId);
    // A search can show a job as it was before its cancellation ended: before a connector is stopped, it is read.
    const job = await this.parts.jobs.get(id);
    if (job.state !== 'canceling') return;
    if (connector !== undefined && carriesConnector(job, await this.servingLead(connectorId))) {
      await this.stopAsRead(connector);
    } else {
      await this.endAsRead(job, { kind: 'canceled' });
    }
  }

  /** One that was started again since its job was seen canceled is not stopped for that. */
  private async stopAsRead({ id, etag }: Connector): Promise<void> {
    try {
      await this.parts.connectors.setDesiredState(id, 'stopped', etag);
    } catch (error) {
      if (!hasCode(error, 'API_PRECONDITION_FAILED', 'CONNECTOR_UNKNOWN')) throw error;
    }
  }

  private async endAsCanceled(job: Job): Promise<void> {
    const canceling = await this.endAsRead(job, { kind: 'cancel' });
    if (canceling !== null && !isTerminal(canceling.state)) await this.endAsRead(canceling, { kind: 'canceled' });
  }

  /** Any worker may store that a generation begins or is given up: it is one write that the first one makes. */
  private async handOnGeneration(listed: Job): Promise<void> {
    const { jobs, generations } = this.parts;
    const job = await jobs.get(listed.id);
    const plan = await generations.get(job.connectorId);
    const own = plan.generations.find(({ jobId }) => jobId === job.id);
    if (own?.state === 'serving' && (await this.endLeftOver(job))) return;
    const stopped = job.state === 'pending' ? undefined : await this.findStopped(job.connectorId);
    switch (generationJobStep(job.state, own?.state ?? null, stopped !== undefined)) {
      case 'begin':
        return this.beginIfWanted(job);
      case 'abandon':
        if (own !== undefined) await generations.abandon(job.connectorId, own);
        // One that came back rests again; whoever discards a new one ends its job.
        if (own?.state === 'returning') await this.endAsRead(job, { kind: 'canceled' });
        return;
      case 'cancel':
        await this.endAsRead(job, { kind: 'canceled' });
        return;
      case 'fail':
        await this.endAsRead(job, { kind: 'fail', error: job.error ?? GIVEN_UP });
        return;
      case 'settle':
        if (stopped !== undefined) await this.ports.settle(stopped);
        return;
      case 'leave':
    }
  }

  private async beginIfWanted(job: Job): Promise<void> {
    const connector = await this.find(job.connectorId);
    if (connector === undefined || connector.desiredState === 'stopped') return this.cancelIfForgotten(job);
    await this.begin(job, connector);
  }

  private async begin(job: Job, connector: Connector): Promise<void> {
    const { generations } = this.parts;
    try {
      if (job.mode === 'rollback') await generations.bringBack(connector.id, job.id);
      else await generations.begin(connector.id, { jobId: job.id, revision: connector.revision });
      reached('generation.begun');
    } catch (error) {
      if (!hasCode(error, 'JOB_STATE_CONFLICT')) throw error;
      await this.endAsRead(job, { kind: 'fail', error: { code: error.code, message: error.message } });
    }
  }

  /** A start creates its job before it wishes the connector running: a young job is left alone. */
  private async cancelIfForgotten(job: Job): Promise<void> {
    if (!this.isYoung(job)) await this.endAsRead(job, { kind: 'cancel' });
  }

  /**
   * Nobody works for the job as it was read: where somebody does by now, it is not for us to end.
   * @returns the job behind the command; null when it was not as it was read any more
   */
  private async endAsRead(job: Job, command: JobCommand): Promise<Job | null> {
    try {
      return await this.parts.jobs.command(job.id, command, { etag: job.etag });
    } catch (error) {
      // Whoever works for it may have ended it, too.
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT', 'JOB_STATE_CONFLICT', 'JOB_UNKNOWN')) throw error;
      return null;
    }
  }

  private isYoung({ createdAt }: Job): boolean {
    return this.parts.clock.nowMs() - Date.parse(createdAt) <= PENDING_GRACE_MS;
  }

  private async servingLead(connectorId: string): Promise<PartitionState | undefined> {
    const { number: generation } = servingGeneration(await this.parts.generations.get(connectorId));
    return this.parts.partitions.get({ connectorId, generation, partition: 0 });
  }

  /** The connector, when it is stopped and nobody here is about to settle it. */
  private async findStopped(id: string): Promise<Connector | undefined> {
    if (this.ports.isElsewhere(id)) return undefined;
    const connector = await this.find(id);
    return connector?.desiredState === 'stopped' ? connector : undefined;
  }

  private async find(id: string): Promise<Connector | undefined> {
    try {
      return await this.parts.connectors.get(id);
    } catch (error) {
      if (hasCode(error, 'CONNECTOR_UNKNOWN')) return undefined;
      throw error;
    }
  }
}
