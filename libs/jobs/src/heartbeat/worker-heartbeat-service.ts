import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { EventSink, LeaseHolder } from '@lockstep/contracts';
import {
  asLockstepError,
  backoffDelayMs,
  hasCode,
  LockstepError,
  reached,
  sleep,
  systemClock,
  type Clock,
} from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient } from '@lockstep/elastic';
import { newWorkerId } from '../documents/sortable-id.js';
import type { FencedLease, LeaseGuard } from '../leases/lease-claimer.js';
import { BeatWriter } from './beat-writer.js';
import { HeartbeatAge } from './heartbeat-age.js';
import type { HeartbeatDocument } from './heartbeat-document.js';
import { BEAT_INTERVAL_MS, FENCE_CHECK_MS, fenceMarginMs, LEASE_TTL_MS } from './heartbeat-timing.js';
import { HeldLeases } from './held-leases.js';
import { withDeadline } from './with-deadline.js';

export interface WorkerHeartbeatOptions {
  readonly client: ElasticClient;
  readonly prefix: string;
  /** Version of the worker, for people. */
  readonly version: string;
  /** Told of every beat that failed. */
  readonly events: EventSink;
  /** @defaultValue a new id per process start */
  readonly workerId?: string;
  /** @defaultValue the system's */
  readonly clock?: Clock;
  /** Milliseconds between beats. @defaultValue 3 000 */
  readonly intervalMs?: number;
  /** What challengers go by, milliseconds. @defaultValue 10 000 */
  readonly ttlMs?: number;
  /** The heartbeat counts as too old at TTL minus this, milliseconds. @defaultValue a fifth of the TTL */
  readonly marginMs?: number;
}

const START_BACKOFF = { baseMs: 200, maxMs: 3_000 };

/**
 * The worker's sign of life, and the guard of its leases. While beats are acknowledged, its leases
 * live; when the last acknowledged one grows older than TTL minus margin, every lease is fenced and the
 * worker goes on under a new incarnation, so that what it held may be claimed by anybody at once.
 */
export class WorkerHeartbeatService implements LeaseGuard {
  private readonly clock: Clock;
  private readonly age: HeartbeatAge;
  private readonly writer: BeatWriter;
  private readonly held = new HeldLeases();
  private readonly ending = new AbortController();
  private readonly intervalMs: number;
  private readonly fenceAfterMs: number;
  private readonly answerWithinMs: number;
  private readonly startedAt: string;
  private current: LeaseHolder;
  private beats = 0;
  private isFenced = true;
  private isSuperseded = false;
  private loop: Promise<void> | null = null;
  private fenceTimer: NodeJS.Timeout | null = null;

  constructor(private readonly options: WorkerHeartbeatOptions) {
    this.clock = options.clock ?? systemClock;
    this.intervalMs = options.intervalMs ?? BEAT_INTERVAL_MS;
    const ttlMs = options.ttlMs ?? LEASE_TTL_MS;
    this.fenceAfterMs = ttlMs - (options.marginMs ?? fenceMarginMs(ttlMs));
    // Late enough for a slow answer, early enough for another try before the fence.
    this.answerWithinMs = Math.max(this.intervalMs, this.fenceAfterMs / 3);
    this.age = new HeartbeatAge(this.clock);
    this.startedAt = this.nowIso();
    const workerId = options.workerId ?? newWorkerId(this.clock.nowMs());
    this.current = { workerId, incarnation: randomUUID(), startedAt: this.startedAt };
    const documents = new DocumentStore<HeartbeatDocument>(options.client, stateAlias(options.prefix, 'workers'));
    this.writer = new BeatWriter(documents, workerId);
  }

  /** The worker id stays; the incarnation is a new one after a fence. */
  get holder(): LeaseHolder {
    return this.current;
  }

  /**
   * Resolves when the first beat is acknowledged; then beats until `stop`.
   * @param signal ends the waiting for the first beat, not the beating: leases are to be released and
   * checkpoints saved after a shutdown has begun
   * @throws LockstepError JOB_ABORTED; permanent refusals of Elasticsearch
   */
  async start(signal: AbortSignal): Promise<void> {
    for (let failures = 1; !(await this.firstBeat()); failures += 1) {
      await sleep(backoffDelayMs(failures, START_BACKOFF), signal);
    }
    this.fenceTimer = setInterval(
      () => {
        this.fenceIfStale();
      },
      Math.min(FENCE_CHECK_MS, this.intervalMs),
    );
    this.loop = this.beatUntilStopped();
  }

  /** Stops beating, ends what leases are left and removes the document: others may take over at once. */
  async stop(): Promise<void> {
    await this.halt();
    reached('heartbeat.leaving');
    try {
      await withDeadline(this.writer.remove(), this.answerWithinMs);
    } catch (error) {
      // Not removed: others wait for the TTL instead.
      this.tellFailure(error);
    }
  }

  /** Milliseconds since the last acknowledged beat was sent, by the larger of both clocks; Infinity without one. */
  ageMs(): number {
    return this.age.ageMs();
  }

  isFresh(): boolean {
    return !this.isFenced && this.age.ageMs() < this.fenceAfterMs;
  }

  /** Ids of the partitions whose leases this worker holds. */
  partitions(): readonly string[] {
    return this.held.partitions();
  }

  reserve(partition: string): boolean {
    return this.held.reserve(partition);
  }

  free(partition: string): void {
    this.held.free(partition);
  }

  add(lease: FencedLease): void {
    this.held.add(lease);
    if (!this.isFresh()) lease.fence();
  }

  /** Ends the beating without a goodbye: the document stays, as after a kill. */
  private async halt(): Promise<void> {
    this.ending.abort();
    await this.loop;
    if (this.fenceTimer !== null) clearInterval(this.fenceTimer);
    this.isFenced = true;
    this.held.fenceAll();
    this.age.forget();
  }

  private async firstBeat(): Promise<boolean> {
    try {
      await this.beat();
      return this.isFresh();
    } catch (error) {
      this.tellFailure(error);
      const { retry } = asLockstepError(error).definition;
      if (retry === 'transient' || retry === 'throttled' || hasCode(error, 'CONFIG_VERSION_CONFLICT')) return false;
      throw error;
    }
  }

  private async beatUntilStopped(): Promise<void> {
    while (await this.waitForNextBeat()) {
      if (this.isSuperseded) continue;
      try {
        await this.beat();
      } catch (error) {
        this.tellFailure(error);
      }
    }
  }

  private async waitForNextBeat(): Promise<boolean> {
    try {
      await sleep(this.intervalMs, this.ending.signal);
    } catch {
      // Woken by stop.
    }
    return !this.ending.signal.aborted;
  }

  private async beat(): Promise<void> {
    this.fenceIfStale();
    const holder = this.current;
    const sentAt = this.age.now();
    this.beats += 1;
    reached('heartbeat.due');
    const outcome = await withDeadline(this.writer.write(this.document()), this.answerWithinMs);
    if (outcome === 'superseded') {
      this.isSuperseded = true;
      this.fence();
      throw new LockstepError('JOB_LEASE_LOST', `another process runs as worker ${holder.workerId}`);
    }
    reached('heartbeat.acknowledged');
    // A beat of before a fence says nothing about the incarnation of after it.
    if (holder.incarnation !== this.current.incarnation) return;
    this.age.acknowledged(sentAt);
    this.isFenced = false;
  }

  private fenceIfStale(): void {
    if (!this.isFenced && this.age.ageMs() >= this.fenceAfterMs) this.fence();
  }

  private fence(): void {
    this.isFenced = true;
    this.age.forget();
    this.held.fenceAll();
    this.current = { ...this.current, incarnation: randomUUID() };
  }

  private document(): HeartbeatDocument {
    return {
      kind: 'heartbeat',
      id: this.current.workerId,
      incarnation: this.current.incarnation,
      version: this.options.version,
      host: hostname(),
      pid: process.pid,
      partitions: this.held.partitions(),
      rssBytes: process.memoryUsage.rss(),
      beat: this.beats,
      startedAt: this.startedAt,
      beatAt: this.nowIso(),
    };
  }

  private tellFailure(error: unknown): void {
    this.options.events.emit({ type: 'heartbeat.failed', code: asLockstepError(error).code });
  }

  private nowIso(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }
}
