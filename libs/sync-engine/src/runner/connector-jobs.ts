import { hasCode } from '@lockstep/core';
import type { Connector, Job, JobType, ResyncMode } from '@lockstep/contracts';
import type { HeldJobs, NewJob } from '@lockstep/jobs';

/** The job documents of one connector: found, and made. */
export class ConnectorJobs {
  constructor(
    private readonly connector: Connector,
    private readonly jobs: HeldJobs,
  ) {}

  /** Null when there is none of this id. */
  async find(id: string): Promise<Job | null> {
    try {
      return await this.jobs.get(id);
    } catch (error) {
      if (hasCode(error, 'JOB_UNKNOWN')) return null;
      throw error;
    }
  }

  /**
   * One that waits to be taken up, where there is one. A resync is not taken up in passing: one in place begins with its
   * scans, and one that fills or brings back another generation is not for the one that serves.
   */
  async findPending(type: JobType): Promise<Job | null> {
    const { items } = await this.jobs.list({ connectorId: this.connector.id, type, state: 'pending' });
    return items.find(({ mode }) => mode === null) ?? null;
  }

  /** Resyncs in place that wait for a session to begin them. */
  async pendingResyncs(): Promise<readonly Job[]> {
    const { items } = await this.jobs.list({ connectorId: this.connector.id, type: 'bulk_sync', state: 'pending' });
    return items.filter(({ mode }) => mode === 'inPlace');
  }

  /** The bulk sync that was asked for last, as its own document says; null when there has been none. */
  async newestBulk(): Promise<Job | null> {
    const { items } = await this.jobs.list({ connectorId: this.connector.id, type: 'bulk_sync', pageSize: 1 });
    return items[0] === undefined ? null : this.find(items[0].id);
  }

  /** The one that waits, or a new one of our own. */
  async pendingOrOwn(type: JobType): Promise<Job> {
    return (await this.findPending(type)) ?? this.create({ type, requestedBy: 'system' });
  }

  /** Asks for a resync in the name of the connector's policy. */
  async ask(mode: ResyncMode): Promise<void> {
    await this.create({ type: 'bulk_sync', requestedBy: 'policy', mode });
  }

  private create(job: Pick<NewJob, 'type' | 'requestedBy' | 'mode'>): Promise<Job> {
    const { id, config } = this.connector;
    return this.jobs.create({ ...job, connectorId: id, connectorName: config.name });
  }
}
