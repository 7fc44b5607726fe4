import type { EventSink, LeaseHolder, PartitionKey, PartitionState } from '@lockstep/contracts';
import { backoffDelayMs, hasCode, LockstepError, reached, sleep, type Clock } from '@lockstep/core';
import type { DocumentStore, StoredDocument } from '@lockstep/elastic';
import type { FencedLease, LeaseGuard } from './lease-claimer.js';
import { isOurs } from './lease-ownership.js';
import { partitionId } from './partition-id.js';
import { raceAbort } from './race-abort.js';
import { MAX_SAVE_CONFLICTS, saveDecision } from './save-decision.js';

export interface PartitionLeaseOptions {
  readonly documents: Pick<DocumentStore<PartitionState>, 'get' | 'replace'>;
  /** The state document as the claim left it. */
  readonly claimed: StoredDocument<PartitionState>;
  readonly holder: LeaseHolder;
  readonly guard: LeaseGuard;
  readonly events: EventSink;
  readonly clock: Clock;
}

const RETRY_BACKOFF = { baseMs: 50, maxMs: 1_000 };

/**
 * The right to work on a partition, and the one writer of its state document in this process.
 *
 * It ends in one of three ways: `release`, another holder in the document (found by a compare-and-set
 * that fails), or a heartbeat that grows too old (fenced). After any of them nothing is written again,
 * even when Elasticsearch comes back.
 */
export class PartitionLease implements FencedLease {
  readonly key: PartitionKey;
  /** Id of the partition. */
  readonly partition: string;
  /** The fencing token: no other lease of this partition has, had or will have it. */
  readonly epoch: number;
  /** Names this lease in other documents than its partition's: no other lease has, had or will have it. */
  readonly token: string;
  private readonly controller = new AbortController();
  private stored: StoredDocument<PartitionState>;
  private tail: Promise<unknown> = Promise.resolve();
  private isReleased = false;

  constructor(private readonly options: PartitionLeaseOptions) {
    const { connectorId, generation, partition, epoch } = options.claimed.source;
    this.key = { connectorId, generation, partition };
    this.partition = partitionId(this.key);
    this.epoch = epoch;
    // The epoch alone would do while documents are never made anew, or restored.
    this.token = `${this.partition}@${epoch}/${options.holder.incarnation}`;
    this.stored = options.claimed;
  }

  /** The state as last acknowledged. */
  get state(): PartitionState {
    return this.stored.source;
  }

  /** Looks at the age of the heartbeat as well: a fence that is due counts although its timer is late. */
  isHeld(): boolean {
    if (!this.isOver() && !this.options.guard.isFresh()) this.lose();
    return !this.isOver();
  }

  /** Aborted when the lease is lost or fenced; not by `release`. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /**
   * Changes the state document. Saves are carried out one after the other; `change` gets the state as
   * the save before left it. While Elasticsearch fails for a time, it is tried again as long as the
   * heartbeat is fresh.
   * @param change pure; the key, the holder and the epoch in its result are of no effect
   * @throws LockstepError JOB_LEASE_LOST when the lease is over; other codes when Elasticsearch refuses
   * the document for good (nothing was written, the lease lives on)
   */
  save(change: (state: PartitionState) => PartitionState): Promise<PartitionState> {
    return this.inTurn(() => this.write(change, this.options.holder));
  }

  /**
   * Gives the partition back, after the saves under way: anybody may claim it at once. Does nothing on
   * a lease that is over already.
   */
  release(): Promise<void> {
    return this.inTurn(async () => {
      if (this.isOver()) return;
      reached('lease.releasing');
      try {
        await this.write((state) => state, null);
      } catch (error) {
        if (hasCode(error, 'JOB_LEASE_LOST')) return;
        this.lose();
        throw error;
      }
      reached('lease.released');
      this.isReleased = true;
      this.options.guard.free(this.partition);
      this.tell('lease.released');
    });
  }

  /** Ends the lease at once, without a write. */
  fence(): void {
    this.lose();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    // The queue goes on whatever becomes of this one; its caller gets the outcome.
    this.tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  private async write(
    change: (state: PartitionState) => PartitionState,
    lease: LeaseHolder | null,
  ): Promise<PartitionState> {
    this.assertOurs();
    const next: PartitionState = {
      ...change(this.stored.source),
      ...this.key,
      lease,
      epoch: this.epoch,
      updatedAt: new Date(this.options.clock.nowMs()).toISOString(),
    };
    for (let failures = 1, isDoubtful = false; ; failures += 1) {
      this.assertOurs();
      try {
        if (isDoubtful && (await this.reread(lease)) === 'done') return this.stored.source;
        reached('lease.saving');
        this.stored = await this.unlessOver(this.options.documents.replace(this.stored, next));
        reached('lease.saved');
        return this.stored.source;
      } catch (error) {
        if (this.isOver() || saveDecision(error) === 'fail' || failures > MAX_SAVE_CONFLICTS) throw this.ended(error);
        isDoubtful = true;
      }
      await this.pause(failures);
    }
  }

  /** What is stored now, after a conflict or a lost answer. Ours: the next write starts from it. */
  private async reread(wanted: LeaseHolder | null): Promise<'ours' | 'done'> {
    const found = await this.unlessOver(this.options.documents.get(this.partition));
    // A release whose answer was lost: the epoch is still ours and the holder is gone.
    if (wanted === null && found?.source.epoch === this.epoch && found.source.lease === null) {
      this.stored = found;
      return 'done';
    }
    if (found === undefined || !isOurs(found.source, { holder: this.options.holder, epoch: this.epoch })) {
      this.lose();
      throw lost(this.partition);
    }
    this.stored = { ...found, source: this.stored.source };
    return 'ours';
  }

  private unlessOver<T>(promise: Promise<T>): Promise<T> {
    return raceAbort(promise, this.signal, () => lost(this.partition));
  }

  private async pause(failures: number): Promise<void> {
    try {
      await sleep(backoffDelayMs(failures, RETRY_BACKOFF), this.signal);
    } catch {
      // Woken by the end of the lease, which the next look at it reports.
    }
  }

  private assertOurs(): void {
    // The fence timer may be late (a blocked event loop), so the age is looked at before every write.
    if (!this.isHeld()) throw lost(this.partition);
  }

  private isOver(): boolean {
    return this.isReleased || this.signal.aborted;
  }

  private ended(error: unknown): unknown {
    return this.isOver() ? lost(this.partition, error) : error;
  }

  private lose(): void {
    if (this.isOver()) return;
    this.controller.abort(lost(this.partition));
    this.options.guard.free(this.partition);
    this.tell('lease.lost');
  }

  private tell(type: 'lease.lost' | 'lease.released'): void {
    const { connectorId } = this.key;
    this.options.events.emit({ type, connectorId, partition: this.partition, epoch: this.epoch });
  }
}

function lost(partition: string, cause?: unknown): LockstepError {
  return new LockstepError('JOB_LEASE_LOST', `the lease of ${partition} is over`, { cause });
}
