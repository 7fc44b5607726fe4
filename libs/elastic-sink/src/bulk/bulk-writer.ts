import type { EventSink } from '@lockstep/contracts';
import { LockstepError, reached, throwIfAborted, type Clock } from '@lockstep/core';
import { elasticFailure, type ElasticClient, type ElasticFailure } from '@lockstep/elastic';
import type { SinkTuning } from '../write/sink-tuning.js';
import type { WaitBoard, WaitCause } from '../write/wait-board.js';
import type { BulkAnswer } from './bulk-answer.js';
import { composeBulkBody } from './bulk-body.js';
import type { BulkOperation, Refusal } from './bulk-operation.js';
import { halves, packOperations } from './bulk-packing.js';
import { BulkRefusal, sendBulk } from './bulk-request.js';
import { BulkSizer } from './bulk-sizer.js';
import { countOutcomes, sortItems, type SortedItems } from './sorted-items.js';
import { requestVerdict } from './request-outcome.js';

/** Told about every operation exactly once, when it is terminal. */
export interface BulkListener {
  taken(operations: readonly BulkOperation[]): void;
  /** The index holds a newer version. */
  newer(operation: BulkOperation): void;
  refused(operation: BulkOperation, refusal: Refusal): void;
  /** Operations that will be sent again. */
  retried(count: number): void;
}

export interface BulkRun {
  readonly signal: AbortSignal;
  readonly board: WaitBoard;
  readonly listener: BulkListener;
}

export interface BulkWriterOptions {
  readonly client: ElasticClient;
  readonly connectorId: string;
  readonly events: EventSink;
  readonly clock: Clock;
  readonly tuning: SinkTuning;
}

/** Tries of single operations whose failure is unexplained. */
type Attempts = Map<BulkOperation, number>;

interface Delivery {
  readonly again: readonly BulkOperation[];
  readonly wait: WaitCause | null;
}

/**
 * Sends operations until each one is terminal. What is sent again is sent with the same version, so it
 * does not matter whether a failed request was carried out.
 */
export class BulkWriter {
  private readonly sizer: BulkSizer;

  constructor(private readonly options: BulkWriterOptions) {
    this.sizer = new BulkSizer(options.tuning.maxBulkBytes);
  }

  /**
   * @param operations at most one per id: requests are in flight side by side
   * @throws LockstepError SINK_TARGET_MISSING, SINK_REQUEST_REFUSED, JOB_ABORTED
   */
  async send(operations: readonly BulkOperation[], run: BulkRun): Promise<void> {
    const queue = this.pack(operations);
    // Linked by hand: signals made by AbortSignal.any pile up on a signal that lives as long as a run.
    const over = new AbortController();
    const stop = (): void => {
      over.abort();
    };
    run.signal.addEventListener('abort', stop, { once: true });
    if (run.signal.aborted) stop();
    const laneRun = { ...run, signal: over.signal };
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await this.deliver(next, laneRun);
    };
    const failures: unknown[] = [];
    const guarded = (): Promise<void> =>
      lane().catch((error: unknown) => {
        // The first failure is the one that counts; the other lanes only learn that it is over.
        failures.push(error);
        stop();
      });
    try {
      await Promise.all(Array.from({ length: Math.min(this.options.tuning.bulksInFlight, queue.length) }, guarded));
    } finally {
      run.signal.removeEventListener('abort', stop);
    }
    if (failures.length > 0) throw failures[0];
  }

  private async deliver(operations: readonly BulkOperation[], run: BulkRun): Promise<void> {
    const attempts: Attempts = new Map();
    const waiter = {};
    let pending = operations;
    try {
      for (let attempt = 1; pending.length > 0; attempt++) {
        const { again, wait } = await this.pass(pending, run, attempts);
        pending = again;
        if (wait === null) continue;
        reached('bulk.waiting');
        run.listener.retried(again.length);
        await run.board.wait(waiter, wait, attempt, run.signal);
      }
    } finally {
      run.board.going(waiter);
    }
  }

  /** Sends everything once, in requests of the size that is right now; stops at the first trouble. */
  private async pass(pending: readonly BulkOperation[], run: BulkRun, attempts: Attempts): Promise<Delivery> {
    const requests = this.pack(pending, 1);
    const again: BulkOperation[] = [];
    for (const [index, request] of requests.entries()) {
      throwIfAborted(run.signal);
      const delivery = await this.once(request, run, attempts);
      again.push(...delivery.again);
      if (delivery.wait === null) continue;
      for (const unsent of requests.slice(index + 1)) again.push(...unsent);
      return { again, wait: delivery.wait };
    }
    return { again, wait: null };
  }

  private async once(request: readonly BulkOperation[], run: BulkRun, attempts: Attempts): Promise<Delivery> {
    const { client, clock } = this.options;
    const body = composeBulkBody(request);
    const startedMs = clock.monotonicMs();
    let answer: BulkAnswer;
    reached('bulk.sending');
    try {
      answer = await sendBulk({ client, body, itemCount: request.length, signal: run.signal });
    } catch (error) {
      return this.failed(request, { failure: elasticFailure(error), bytes: body.length, run, attempts });
    }
    reached('bulk.answered');
    const sorted = sortItems(request, answer, attempts);
    this.settle(sorted, {
      run,
      bytes: body.length,
      count: request.length,
      durationMs: clock.monotonicMs() - startedMs,
    });
    if (sorted.split.length > 0) await this.halve(sorted.split, run);
    return { again: sorted.again, wait: sorted.wait };
  }

  private settle(sorted: SortedItems, about: { run: BulkRun; bytes: number; count: number; durationMs: number }): void {
    if (sorted.fatal !== null) throw new LockstepError(sorted.fatal);
    for (const item of sorted.terminal) {
      if (item.kind === 'taken') about.run.listener.taken(item.operations);
      else if (item.kind === 'newer') about.run.listener.newer(item.operation);
      else about.run.listener.refused(item.operation, item.refusal);
    }
    if (sorted.wait?.code === 'SINK_THROTTLED') this.sizer.shrink(about.bytes);
    else if (sorted.wait === null) this.sizer.grow();
    this.options.events.emit({
      type: 'bulk.answered',
      connectorId: this.options.connectorId,
      items: about.count,
      bytes: about.bytes,
      durationMs: about.durationMs,
      retried: sorted.again.length,
      ...countOutcomes(sorted.terminal),
    });
  }

  /** The whole request failed: nothing in it is known to be terminal. */
  private async failed(
    request: readonly BulkOperation[],
    about: { failure: ElasticFailure; bytes: number; run: BulkRun; attempts: Attempts },
  ): Promise<Delivery> {
    const { failure, bytes, run } = about;
    const { outcome, code } = requestVerdict(failure.kind, failure.status, failure.errorType);
    switch (outcome) {
      case 'aborted':
        throw new LockstepError('JOB_ABORTED');
      case 'fatal':
        throw new LockstepError(code, undefined, { cause: failure });
      case 'split':
        if (code === 'SINK_REQUEST_TOO_LARGE') this.sizer.shrink(bytes);
        if (request.length > 1) await this.halve(request, run);
        else if (request[0] !== undefined) run.listener.refused(request[0], refusalOf(failure));
        return { again: [], wait: null };
      case 'retry':
      case 'hold': {
        if (outcome === 'retry') this.sizer.shrink(bytes);
        const retryAfterMs = failure instanceof BulkRefusal ? failure.retryAfterMs : null;
        return { again: request, wait: { kind: outcome, code, retryAfterMs } };
      }
    }
  }

  private async halve(operations: readonly BulkOperation[], run: BulkRun): Promise<void> {
    for (const half of halves(operations)) {
      if (half.length > 0) await this.deliver(half, run);
    }
  }

  private pack(operations: readonly BulkOperation[], lanes = this.options.tuning.bulksInFlight): BulkOperation[][] {
    return packOperations(operations, {
      maxBytes: this.sizer.maxBytes,
      maxDocs: this.options.tuning.maxBulkDocs,
      lanes,
    });
  }
}

function refusalOf(failure: ElasticFailure): Refusal {
  const isTooLarge = failure.status === 413;
  return {
    code: isTooLarge ? 'SINK_DOCUMENT_TOO_LARGE' : 'SINK_DOCUMENT_REJECTED',
    errorType: failure.errorType ?? `http_${failure.status ?? 0}`,
    field: null,
    reason: null,
  };
}
