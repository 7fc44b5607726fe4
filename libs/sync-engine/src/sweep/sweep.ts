import { maxClusterTime, reached, type ClusterTime } from '@lockstep/core';
import { isHashedId, type SeqNoMarks, type DeleteDocument, type DocumentBatch, type Target } from '@lockstep/contracts';
import { decodeDocumentId } from '@lockstep/mongo-source';
import type { PartitionContext } from '../partition/partition-context.js';
import { namespaceOf } from '../partition/partition-context.js';
import { withWork } from '../progress/job-figures.js';
import { scanBounds } from '../turns/read-bounds.js';
import { writeDocuments } from '../turns/write-documents.js';
import { isBrakeEngaged } from './brake-decision.js';
import { sweepGroups } from './sweep-groups.js';

const PAGE_SIZE = 1_000;

/** Orphans remembered between counting and removing; beyond it the index is walked twice. */
const MAX_REMEMBERED = 50_000;

export type SweepOutcome =
  | { readonly kind: 'swept' }
  /** More documents would go than the brake lets pass. */
  | { readonly kind: 'braked'; readonly orphans: number; readonly indexed: number };

export interface SweepScope {
  readonly target: Target;
  /** Only what was written before is looked at; null looks at all. */
  readonly seqNoMarks: SeqNoMarks | null;
  /** What is removed is confirmed by reads that are not older than this. */
  readonly atLeast: ClusterTime;
  /** Other partitions write to the target as well. */
  readonly isShared: boolean;
}

/** Ids confirmed to be gone from the source at one time. */
interface Orphans {
  readonly ids: readonly string[];
  readonly readTime: ClusterTime;
}

/**
 * Removes documents that are in the index and no longer in the source, after a scan of a target that held
 * documents before. First counts what would go, so that the brake can refuse; then deletes each confirmed
 * orphan with the version of the read that confirmed it, so that a document inserted meanwhile survives.
 */
export class Sweep {
  private lastRead: ClusterTime;
  private walked = 0;
  private removed = 0;
  private undecided = 0;
  private turnEndsAt = 0;

  constructor(
    private readonly context: PartitionContext,
    private readonly scope: SweepScope,
    private readonly signal: AbortSignal,
  ) {
    this.lastRead = scope.atLeast;
  }

  /**
   * Works in turns: yields the cluster time of its last read whenever its time is up, for the stream to reach
   * before the sweep goes on.
   */
  async *run(isConfirmed: boolean): AsyncGenerator<ClusterTime, SweepOutcome> {
    const { context, scope, signal } = this;
    const { target } = scope;
    const startedAt = this.beginTurn();
    await context.sink.refresh(target, signal);
    const indexed = await context.sink.count(target, signal);
    const remembered: Orphans[] = [];
    let orphans = 0;
    for await (const page of this.confirmedPages()) {
      orphans += page.ids.length;
      if (orphans <= MAX_REMEMBERED) remembered.push(page);
      if (this.isTurnOver()) yield this.endTurn();
    }
    reached('sweep.counted');
    const { brakeRatio: maxRatio } = context.connector.config.sink;
    if (isBrakeEngaged({ indexed, orphans, maxRatio, isConfirmed })) return { kind: 'braked', orphans, indexed };
    const pages = orphans <= MAX_REMEMBERED ? remembered : this.confirmedPages();
    for await (const page of pages) {
      await this.remove(page);
      if (this.isTurnOver()) yield this.endTurn();
    }
    // What was refused and is gone from the source: no removal of an indexed document, so that no brake holds it.
    for await (const page of this.refusedPages()) {
      await this.remove(page);
      if (this.isTurnOver()) yield this.endTurn();
    }
    yield this.endTurn();
    context.events.emit({
      type: 'sweep.finished',
      connectorId: context.connector.id,
      namespace: namespaceOf(context, target.binding.collection),
      walked: this.walked,
      removed: this.removed,
      undecided: this.undecided,
      durationMs: context.clock.monotonicMs() - startedAt,
    });
    return { kind: 'swept' };
  }

  private beginTurn(): number {
    const now = this.context.clock.monotonicMs();
    this.turnEndsAt = now + this.context.settings.scanTurnMs;
    return now;
  }

  private isTurnOver(): boolean {
    return this.context.clock.monotonicMs() >= this.turnEndsAt;
  }

  private endTurn(): ClusterTime {
    this.beginTurn();
    return this.lastRead;
  }

  private async *confirmedPages(): AsyncGenerator<Orphans> {
    const { context, signal } = this;
    const { target, seqNoMarks } = this.scope;
    this.walked = 0;
    this.undecided = 0;
    for await (const page of context.sink.walkIds({ target, seqNoMarks, pageSize: PAGE_SIZE, signal })) {
      this.walked += page.length;
      for (const ids of sweepGroups(page)) {
        yield await this.confirmed(ids, await context.sink.originalIds(target, ids, signal));
      }
    }
  }

  /** Documents with an open dead letter that are not in the index, and no longer in the source. */
  private async *refusedPages(): AsyncGenerator<Orphans> {
    const { context, signal } = this;
    for await (const page of context.sink.walkRefused(this.scope.target, signal)) {
      const elements = new Map<string, Buffer>();
      for (const { documentId, originalId } of page) {
        const element = isHashedId(documentId) ? decodeDocumentId(documentId, originalId) : null;
        if (element !== null) elements.set(documentId, element);
      }
      yield await this.confirmed(
        page.map(({ documentId }) => documentId),
        elements,
      );
    }
  }

  private async confirmed(ids: readonly string[], elements: ReadonlyMap<string, Buffer>): Promise<Orphans> {
    const { context, signal } = this;
    const { target, atLeast } = this.scope;
    const { collection } = target.binding;
    const report = await context.source.findAbsent({ collection, ids, elements, atLeast, signal });
    reached('sweep.confirmed');
    this.lastRead = maxClusterTime(this.lastRead, report.readTime);
    this.undecided += report.undecodable.length;
    await context.ledger.report();
    return { ids: report.absent, readTime: report.readTime };
  }

  private async remove({ ids, readTime }: Orphans): Promise<void> {
    if (ids.length === 0) return;
    const documents = ids.map((id): DeleteDocument => ({ operation: 'delete', id }));
    const batch: DocumentBatch = {
      collection: this.scope.target.binding.collection,
      body: Buffer.alloc(0),
      documents,
      newFields: [],
      notes: {},
      operationTime: readTime,
    };
    reached('sweep.removing');
    const works = await writeDocuments(this.context, {
      batches: [batch],
      version: scanBounds(readTime).version,
      countFor: 'bulk_sync',
      // Their dead letters are looked up: another partition may have stored some.
      isRepair: true,
      keepsOriginalIds: this.scope.isShared,
      signal: this.signal,
    });
    reached('sweep.removed');
    for (const { result } of works) this.removed += result?.deleted ?? 0;
    // What is removed is not found again by whoever comes after a crash.
    await this.context.checkpoint.save((state) => works.reduce(withWork, state));
  }
}
