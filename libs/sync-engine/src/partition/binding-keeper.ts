import { LockstepError, reached } from '@lockstep/core';
import {
  type BindingSuspension,
  type Target,
  bindingIn,
  type BindingScan,
  type BindingState,
  type CollectionInfo,
  type Condition,
} from '@lockstep/contracts';
import { matchesCollection } from '@lockstep/config-store';
import { mapSample } from '../bindings/map-sample.js';
import { bindingTroubles, isUnlisted } from '../bindings/binding-troubles.js';
import { matchCollections, type CollectionMatch } from '../bindings/match-collections.js';
import { beginScan, withBinding, withCollectionUuid } from '../checkpoint/partition-transitions.js';
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
      const known = bindingIn(context.lease.state, info.name);
      if (known === undefined) {
        await this.add(info);
        isAdded = true;
      } else if (known.suspension === null) {
        await this.compareUuid(known, info);
      } else if (isUnlisted(known) && !isSameCollection(known, info)) {
        await this.changeSuspension(known, 'recreated');
      }
    }
    for (const collection of this.names) if (!this.isListed(collection)) await this.unlist(collection);
    this.returning = this.returningAmong(existing);
    this.tellTroubles(match);
    this.refreshedAtMs = now;
    return isAdded;
  }

  /** Which of the names, or namespaces, are of nothing that is followed. */
  unknownAmong(collections: readonly string[]): readonly string[] {
    const known = this.names.filter((name) => this.isListed(name));
    return collections.filter(
      (asked) => !known.some((name) => isNamed([asked], namespaceOf(this.context, name), name)),
    );
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
      const state = bindingIn(context.lease.state, name);
      if (state === undefined || !this.isListed(name)) continue;
      if (collections !== null && !isNamed(collections, namespaceOf(context, name), name)) continue;
      const info = existing.find((collection) => collection.name === name);
      const target = await heldTarget(context, (options) => context.sink.ensureTarget(options), {
        binding: this.bindingOf(name),
        signal,
      });
      context.targets.set(name, target);
      scanning.push({
        ...state,
        collectionUuid: info?.uuid ?? null,
        indexUuid: target.indexUuid,
        histories: await this.historiesOf(target),
        suspension: null,
        scanNumber: this.nextScanNumber(),
        scan: {
          ...(await this.newScan({
            ...state,
            isTargetEmpty: target.isEmpty,
            // An index that somebody has deleted is filled for the first time.
            isInitial: state.scan?.isInitial === true || state.indexUuid !== target.indexUuid,
          })),
          ...(state.suspension === null ? {} : { endsSuspension: state.suspension }),
        },
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
      await this.context.checkpoint.save((state) => withCollectionUuid(state, known.collection, info.uuid));
    } else if (known.collectionUuid !== info.uuid) {
      await this.suspend(known.collection, 'recreated');
    }
  }

  /** A target is emptied only after the change stream has told that its collection is gone: a listing may be cut. */
  private returningAmong(existing: readonly CollectionInfo[]): readonly string[] {
    const { onDrop = 'keep' } = this.context.connector.config.source;
    const there = new Set(existing.map(({ name }) => name));
    return Object.values(this.context.lease.state.bindings)
      .filter(
        ({ collection, suspension }) => suspension !== null && suspension.isKept !== true && this.isListed(collection),
      )
      .filter((binding) => {
        if (isUnlisted(binding)) return there.has(binding.collection);
        if (onDrop === 'keep') return false;
        return there.has(binding.collection) || (onDrop === 'empty' && binding.suspension?.isTold === true);
      })
      .map(({ collection }) => collection);
  }

  /** The list of collections takes effect at once, whatever the generation began with. */
  private isListed(collection: string): boolean {
    return matchesCollection(this.context.connector.config.source.collections, collection);
  }

  /** What is there stays as it is. Named again, the collection is scanned and swept like in a resync. */
  private async unlist(collection: string): Promise<void> {
    const binding = bindingIn(this.context.lease.state, collection);
    if (binding?.suspension === null) await this.suspend(collection, 'unlisted');
    else if (binding?.suspension?.isKept === true && isUnlisted(binding))
      await this.changeSuspension(binding, 'unlisted');
  }

  private async changeSuspension(binding: BindingState, operation: BindingSuspension['operation']): Promise<void> {
    const { suspension } = binding;
    if (suspension === null) return;
    const { isKept: _before, ...rest } = suspension;
    await this.context.checkpoint.save((state) =>
      withBinding(state, { ...binding, suspension: { ...rest, operation } }),
    );
  }

  private async add(info: CollectionInfo): Promise<void> {
    const { context, signal } = this;
    const target = await heldTarget(context, (options) => context.sink.ensureTarget(options), {
      binding: this.bindingOf(info.name),
      signal,
    });
    context.targets.set(info.name, target);
    // Partitions of before, which may not know yet that the generation has begun anew, write nothing more to it.
    await context.sink.closeToOthers(target, signal);
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
      seqNoMarks: (await this.isSweepDue(target, scan)) ? await context.sink.seqNoMarks(target, signal) : null,
    });
  }

  /** A target without documents may still have dead letters, or get documents that were on their way to it. */
  private async isSweepDue(
    target: Target,
    { isTargetEmpty, isInitial }: Pick<NewScan, 'isTargetEmpty' | 'isInitial'>,
  ): Promise<boolean> {
    const { restarts = 0, partitionCount = 1 } = this.context.lease.state;
    if (!isTargetEmpty || (partitionCount > 1 && (restarts > 0 || !isInitial))) return true;
    return this.context.sink.hasRefused(target, this.signal);
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

  private tellTroubles({ missing, unsupported }: CollectionMatch): void {
    const { context } = this;
    this.troubles = bindingTroubles(context, { missing, unsupported });
    context.status.set('bindings', this.troubles);
  }
}

function isSameCollection({ collectionUuid }: BindingState, { uuid }: CollectionInfo): boolean {
  return collectionUuid === null || collectionUuid === uuid;
}

function isNamed(collections: readonly string[], namespace: string, collection: string): boolean {
  return collections.includes(namespace) || collections.includes(collection);
}
