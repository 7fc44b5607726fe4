import type { LeaseHolder, PartitionKey, PartitionState } from '@lockstep/contracts';
import { hasCode, LockstepError, reached, systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient, type StoredDocument } from '@lockstep/elastic';
import { claimDecision, type ClaimDecision } from './claim-decision.js';
import { pardoned, withDeath } from './holder-deaths.js';
import type { LeaseClaimer } from './lease-claimer.js';
import { isSameHolder } from './lease-ownership.js';
import { currentPartitions } from './current-partitions.js';
import { newPartitionState } from './new-partition-state.js';
import { partitionId } from './partition-id.js';
import { PartitionLease } from './partition-lease.js';

type Stored = StoredDocument<PartitionState>;

const LIST_PAGE_DOCS = 500;
const MAX_COUNTS = 5_000;

/** The state documents of partitions: lease, epoch and checkpoint in one, so that they never disagree. */
export class PartitionStore {
  private readonly documents: DocumentStore<PartitionState>;

  constructor(
    client: ElasticClient,
    prefix: string,
    private readonly clock: Clock = systemClock,
  ) {
    this.documents = new DocumentStore(client, stateAlias(prefix, 'state'));
  }

  /** As of now; undefined while nobody has asked for the partition. */
  async get(key: PartitionKey): Promise<PartitionState | undefined> {
    return (await this.read(key))?.source;
  }

  /** The partition's state, made empty (no lease, epoch 0) where there is none. */
  async ensure(key: PartitionKey): Promise<PartitionState> {
    return ((await this.read(key)) ?? (await this.make(key))).source;
  }

  /** How many partitions generations have, by the id of their lead, up to a second old; those with one are left out. */
  async listCounts(): Promise<ReadonlyMap<string, number>> {
    const query = { range: { partitionCount: { gt: 1 } } };
    const { documents } = await this.documents.search({ query, size: MAX_COUNTS });
    return new Map(documents.map(({ source }) => [partitionId(source), source.partitionCount ?? 1]));
  }

  /** Every partition of a connector, up to a second old, by generation and ordinal. */
  async listByConnector(connectorId: string): Promise<PartitionState[]> {
    return currentPartitions(await this.list({ term: { connectorId } }));
  }

  /** Every partition that is left alone because its holders died, up to a second old. */
  async listQuarantined(): Promise<PartitionState[]> {
    const failed = await this.list({ term: { observedState: 'failed' } });
    return failed.filter(({ conditions }) => conditions.some(({ code }) => code === 'CONNECTOR_QUARANTINED'));
  }

  private async list(query: Readonly<Record<string, unknown>>): Promise<PartitionState[]> {
    const states: PartitionState[] = [];
    let searchAfter: readonly unknown[] | null = [];
    while (searchAfter !== null) {
      const page = await this.documents.search({
        query,
        sort: [{ connectorId: 'asc' }, { generation: 'asc' }, { partition: 'asc' }],
        size: LIST_PAGE_DOCS,
        ...(searchAfter.length === 0 ? {} : { searchAfter }),
      });
      states.push(...page.documents.map(({ source }) => source));
      searchAfter = page.documents.length < LIST_PAGE_DOCS ? null : page.lastSort;
    }
    return states;
  }

  /** Forgets a partition. A lease on it is lost at its next save. */
  async delete(key: PartitionKey): Promise<void> {
    await this.documents.delete({ id: partitionId(key) }, { refresh: true });
  }

  /** Forgets a connector's checkpoints. A lease on one of them is lost at its next save. */
  async deleteByConnector(connectorId: string): Promise<void> {
    for (const state of await this.list({ term: { connectorId } })) {
      await this.delete(state);
    }
  }

  /**
   * Changes the state of a partition that nobody works on. Its epoch grows, so that whoever held it never writes again.
   * @param mayTake whether a holder that the state names is known to be gone
   * @param change pure
   * @throws LockstepError JOB_STATE_CONFLICT when somebody works on it, or was faster; JOB_UNKNOWN when it is not there
   */
  async changeIdle(
    key: PartitionKey,
    mayTake: (holder: LeaseHolder) => boolean,
    change: (state: PartitionState) => PartitionState,
  ): Promise<PartitionState> {
    const stored = await this.read(key);
    if (stored === undefined) throw new LockstepError('JOB_UNKNOWN', `there is no partition ${partitionId(key)}`);
    const { connectorId, generation, partition, lease, epoch } = stored.source;
    if (lease !== null && !mayTake(lease)) throw busy();
    const next: PartitionState = {
      ...change(stored.source),
      ...{ connectorId, generation, partition, lease: null, epoch: epoch + 1, updatedAt: this.nowIso() },
      // Whoever comes next finds no lease to take over: what its holder has sent must be refused all the same.
      ...(lease === null ? {} : { fence: epoch + 1 }),
    };
    try {
      return (await this.documents.replace(stored, next, { refresh: true })).source;
    } catch (error) {
      throw hasCode(error, 'CONFIG_VERSION_CONFLICT') ? busy() : error;
    }
  }

  /**
   * An operator wants a connector tried again, however many of its workers died: nothing is held against the
   * partitions that nobody holds. What is held is being tried.
   * @throws LockstepError JOB_STATE_CONFLICT when a worker was faster
   */
  async pardon(connectorId: string): Promise<void> {
    for (const listed of await this.listByConnector(connectorId)) {
      const state = await this.get(listed);
      if (state?.deaths === undefined || state.lease !== null) continue;
      await this.changeIdle(listed, () => false, pardoned);
    }
  }

  /**
   * Asks for a partition's lease. Null when somebody else has it, was faster, or may still live, and
   * when the asking worker's own heartbeat is too old to promise anything: ask again later.
   * @param isAdmitted whether the worker wants the partition, as it stands now
   */
  async claim(
    key: PartitionKey,
    claimer: LeaseClaimer,
    isAdmitted: (state: PartitionState) => boolean = () => true,
  ): Promise<PartitionLease | null> {
    const partition = partitionId(key);
    const { guard } = claimer;
    if (!guard.isFresh() || !guard.reserve(partition)) return null;
    let lease: PartitionLease | null = null;
    try {
      lease = await this.tryClaim(key, claimer, isAdmitted);
      if (lease !== null) guard.add(lease);
      return lease;
    } finally {
      if (lease === null) guard.free(partition);
    }
  }

  /** Whether a claim could come through: nobody has the partition, or its holder is gone. Takes nothing. */
  async isFree(key: PartitionKey, { guard, observer }: LeaseClaimer): Promise<boolean> {
    const lease = (await this.read(key))?.source.lease ?? null;
    return (await this.judge(lease, guard.holder, observer)) !== 'wait';
  }

  private async tryClaim(
    key: PartitionKey,
    claimer: LeaseClaimer,
    isAdmitted: (state: PartitionState) => boolean,
  ): Promise<PartitionLease | null> {
    const { guard, observer, events } = claimer;
    const holder = guard.holder;
    const current = (await this.read(key)) ?? (await this.make(key));
    if (!isAdmitted(current.source)) return null;
    const decision = await this.judge(current.source.lease, holder, observer);
    if (decision === 'wait') return null;
    reached('lease.judged');
    const claimed = await this.take(current, holder, decision);
    // Fenced while asking: the document may name a holder that is no more, which anybody may take over.
    if (claimed === null || !guard.isFresh() || !isSameHolder(guard.holder, holder)) return null;
    reached('lease.claimed');
    const { connectorId, epoch } = claimed.source;
    events.emit({
      type: 'lease.claimed',
      connectorId,
      partition: partitionId(key),
      epoch,
      isTakeover: decision !== 'claim',
    });
    return new PartitionLease({ documents: this.documents, claimed, holder, guard, events, clock: this.clock });
  }

  private async judge(
    lease: LeaseHolder | null,
    holder: LeaseHolder,
    observer: LeaseClaimer['observer'],
  ): Promise<ClaimDecision> {
    if (lease === null) return claimDecision(null, null);
    // Our own, but nobody here holds it: a claim or a release whose answer was lost.
    if (isSameHolder(lease, holder)) return claimDecision(null, null);
    return claimDecision(lease, await observer.isAlive(lease));
  }

  /** The compare-and-set of the claim; null when somebody else wrote in between. */
  private async take(
    current: Stored,
    holder: LeaseHolder,
    decision: Exclude<ClaimDecision, 'wait'>,
  ): Promise<Stored | null> {
    const epoch = current.source.epoch + 1;
    const updatedAt = this.nowIso();
    const next: PartitionState = {
      ...(decision === 'inherit' ? withDeath(current.source, updatedAt) : current.source),
      lease: holder,
      epoch,
      ...(decision === 'claim' ? {} : { fence: Math.max(epoch, (current.source.fence ?? 0) + 1) }),
      updatedAt,
    };
    try {
      return await this.documents.replace(current, next);
    } catch (error) {
      if (hasCode(error, 'CONFIG_VERSION_CONFLICT')) return null;
      throw error;
    }
  }

  private async make(key: PartitionKey): Promise<Stored> {
    try {
      const state = newPartitionState(key, this.nowIso());
      const made = await this.documents.create(partitionId(key), state, { refresh: true });
      reached('partition.made');
      return made;
    } catch (error) {
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
      const winner = await this.read(key);
      if (winner === undefined) throw error;
      return winner;
    }
  }

  /** @throws LockstepError STATE_CORRUPT when the document is of a shape that this version cannot read. */
  private async read(key: PartitionKey): Promise<Stored | undefined> {
    const stored = await this.documents.get(partitionId(key));
    if (stored === undefined) return undefined;
    const { schema, epoch } = stored.source as { schema: unknown; epoch: unknown };
    if (schema !== 1 || !Number.isSafeInteger(epoch)) {
      throw new LockstepError('STATE_CORRUPT', `the state of ${partitionId(key)} has an unknown shape`);
    }
    return stored;
  }

  private nowIso(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }
}

function busy(): LockstepError {
  const message = 'A worker still holds the connector: try again when it has let go.';
  return new LockstepError('JOB_STATE_CONFLICT', message, { retryAfterMs: 1_000 });
}
