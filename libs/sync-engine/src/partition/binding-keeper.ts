import { LockstepError, reached } from '@lockstep/core';
import type { BindingScan, BindingState, CollectionInfo, Condition } from '@lockstep/contracts';
import { mapSample } from '../bindings/map-sample.js';
import { matchCollections } from '../bindings/match-collections.js';
import { beginScan, withBinding } from '../checkpoint/partition-transitions.js';
import { conditionOf } from '../runner/status-board.js';
import { FollowedBindings } from './followed-bindings.js';
import { heldTarget } from './held-target.js';
import { rangeOf } from './key-ranges.js';
import { namespaceOf, type PartitionContext } from './partition-context.js';

/** What a scan is made ready for. */
type NewScan = Pick<BindingState, 'collection' | 'range'> & {
  readonly isTargetEmpty: boolean;
  readonly isInitial: boolean;
};

/** The bindings of a lead: finds collections, makes their targets, divides them, and says when they are scanned. */
export class BindingKeeper extends FollowedBindings {
  /** What stands in the way of single collections, as of the last look. Those that a person must mend come first. */
  troubles: readonly Condition[] = [];
  /** Suspended collections that the connector's policy takes up again. */
  returning: readonly string[] = [];
  private refreshedAtMs = -Infinity;

  constructor(
    protected override readonly context: PartitionContext,
    signal: AbortSignal,
  ) {
    super(context, signal);
  }

  /**
   * Looks at the source's collections: takes up new ones, notices those that are gone or were made anew.
   * @returns whether a binding was added, so that the stream has to be opened anew
   */
  async refresh(): Promise<boolean> {
    const { context, signal } = this;
    const now = context.clock.monotonicMs();
    if (now - this.refreshedAtMs < context.settings.bindingRefreshMs) return false;
    const existing = await context.source.listCollections(signal);
    const match = matchCollections(context.connector.config.source.collections, existing);
    this.refuseSharedTargets(match.followed);
    let isAdded = false;
    for (const info of match.followed) {
      const known = context.lease.state.bindings[info.name];
      if (known === undefined) {
        await this.add(info);
        isAdded = true;
      } else if (known.suspension === null) {
        await this.compareUuid(known, info);
      }
    }
    this.returning = this.returningAmong(existing);
    this.tellTroubles(match.missing, match.unsupported);
    this.refreshedAtMs = now;
    return isAdded;
  }

  /**
   * Makes ready to scan the bindings (all when null), also those that were suspended. Nothing is stored yet.
   * @returns the bindings as they are while they are scanned
   */
  async prepareScans(collections: readonly string[] | null): Promise<readonly BindingState[]> {
    const { context, signal } = this;
    const existing = await context.source.listCollections(signal);
    const scanning: BindingState[] = [];
    for (const name of this.names) {
      const state = context.lease.state.bindings[name];
      if (state === undefined || (collections !== null && !isNamed(collections, namespaceOf(context, name), name)))
        continue;
      const info = existing.find((collection) => collection.name === name);
      const target = await heldTarget(context, 'ensureTarget', { binding: this.bindingOf(name), signal });
      context.targets.set(name, target);
      scanning.push({
        ...state,
        collectionUuid: info?.uuid ?? null,
        indexUuid: target.indexUuid,
        histories: await this.historiesOf(target),
        suspension: null,
        scanNumber: this.nextScanNumber(),
        scan: await this.newScan({
          ...state,
          isTargetEmpty: target.isEmpty,
          isInitial: state.scan?.isInitial === true,
        }),
      });
    }
    return scanning;
  }

  /**
   * Makes ready to read collections that come back by the connector's policy, or to empty the targets of those that
   * do not. Nothing is stored yet.
   * @returns the bindings as they are while they are scanned
   */
  async prepareReturns(): Promise<readonly BindingState[]> {
    const names = this.returningAmong(await this.context.source.listCollections(this.signal));
    if (names.length === 0) return [];
    const { source } = this.context.connector.config;
    const before = this.context.lease.state.bindings;
    return (await this.prepareScans(names)).map((state) => ({
      ...state,
      scan: state.scan && {
        ...state.scan,
        isRemovalWanted: source.onDrop === 'empty' && before[state.collection]?.suspension?.isTold === true,
      },
    }));
  }

  /** What is told of the bindings has changed: the next look comes at once. */
  override lookSoon(): void {
    this.refreshedAtMs = -Infinity;
  }

  private async compareUuid(known: BindingState, info: CollectionInfo): Promise<void> {
    if (known.collectionUuid === null) {
      if (info.uuid === null) return;
      const state = { ...known, collectionUuid: info.uuid };
      await this.context.checkpoint.save((stored) => withBinding(stored, state));
    } else if (known.collectionUuid !== info.uuid) {
      await this.suspend(known.collection, 'recreated');
    }
  }

  /** A target is emptied only after the change stream has told that its collection is gone: a listing may be cut. */
  private returningAmong(existing: readonly CollectionInfo[]): readonly string[] {
    const { onDrop = 'keep' } = this.context.connector.config.source;
    if (onDrop === 'keep') return [];
    const there = new Set(existing.map(({ name }) => name));
    return Object.values(this.context.lease.state.bindings)
      .filter(({ suspension }) => suspension !== null)
      .filter(
        ({ collection, suspension }) => there.has(collection) || (onDrop === 'empty' && suspension?.isTold === true),
      )
      .map(({ collection }) => collection);
  }

  private async add(info: CollectionInfo): Promise<void> {
    const { context, signal } = this;
    const target = await heldTarget(context, 'ensureTarget', { binding: this.bindingOf(info.name), signal });
    context.targets.set(info.name, target);
    const histories = await this.historiesOf(target);
    const part = await this.divide(info.name);
    const scan = await this.newScan({ ...part, collection: info.name, isTargetEmpty: target.isEmpty, isInitial: true });
    const state: BindingState = {
      ...part,
      scanNumber: this.nextScanNumber(),
      collection: info.name,
      index: target.index,
      collectionUuid: info.uuid,
      indexUuid: target.indexUuid,
      histories,
      scan,
      suspension: null,
    };
    reached('binding.adding');
    await context.checkpoint.save((stored) => withBinding(stored, state));
    reached('binding.added');
  }

  /** Never one that a partition has seen before: a binding may be forgotten and come again. */
  private nextScanNumber(): number {
    return (this.context.lease.state.scanCount ?? 1) + 1;
  }

  /** Where a new collection is divided, and what of it is the lead's. */
  private async divide(collection: string): Promise<Pick<BindingState, 'splits' | 'range'>> {
    const { lease, source } = this.context;
    const { partitionCount: parts = 1 } = lease.state;
    const splits = parts < 2 ? [] : await source.splitKeys({ collection, parts, signal: this.signal });
    const range = rangeOf(splits, 0);
    return range === undefined || range === null ? {} : { splits, range };
  }

  /** A target that held documents before is swept after the scan: its sequence numbers are marked now. */
  private async newScan(scan: NewScan): Promise<BindingScan> {
    const { context, signal } = this;
    const { collection, range, isTargetEmpty, isInitial } = scan;
    const target = context.targets.get(collection);
    if (target === undefined) throw new LockstepError('INTERNAL_ERROR', `No target for ${collection}`);
    if (isTargetEmpty) {
      await mapSample(context, { collection, target }, signal);
      await context.sink.beginLoad(target, signal);
    }
    const atLeast = context.checkpoint.position.h;
    return beginScan({
      isInitial,
      upTo: await context.source.lastKey({ collection, ...(range === undefined ? {} : { range }), atLeast, signal }),
      estimatedTotal: await context.source.estimateCount(collection, signal),
      seqNoMarks: isTargetEmpty ? null : await context.sink.seqNoMarks(target, signal),
    });
  }

  private refuseSharedTargets(followed: readonly CollectionInfo[]): void {
    const byIndex = new Map<string, string>();
    for (const name of new Set([...this.names, ...followed.map((info) => info.name)])) {
      const { index } = this.bindingOf(name);
      const other = byIndex.get(index);
      if (other !== undefined) {
        throw new LockstepError(
          'CONFIG_INVALID',
          `The collections ${other} and ${name} would share the index ${index}`,
        );
      }
      byIndex.set(index, name);
    }
  }

  private tellTroubles(missing: readonly string[], unsupported: readonly string[]): void {
    const { context } = this;
    const now = context.clock.nowMs();
    const suspended = Object.values(context.lease.state.bindings).filter(({ suspension }) => suspension !== null);
    this.troubles = [
      ...unsupported.map((name) =>
        conditionOf(
          'CollectionUnsupported',
          'SOURCE_COLLECTION_UNSUPPORTED',
          `${namespaceOf(context, name)} is a view or a time series`,
          now,
        ),
      ),
      ...missing
        .filter((name) => context.lease.state.bindings[name] === undefined)
        .map((name) =>
          conditionOf(
            'CollectionMissing',
            'SOURCE_COLLECTION_MISSING',
            `${namespaceOf(context, name)} does not exist`,
            now,
          ),
        ),
      ...suspended.map(({ collection, suspension, index }) =>
        conditionOf(
          'CollectionReplaced',
          'SOURCE_STREAM_INVALIDATED',
          `${namespaceOf(context, collection)} was changed by ${suspension?.operation ?? 'drop'}; ${index} is kept as it is`,
          now,
        ),
      ),
    ];
    context.status.set('bindings', this.troubles);
  }
}

function isNamed(collections: readonly string[], namespace: string, collection: string): boolean {
  return collections.includes(namespace) || collections.includes(collection);
}
