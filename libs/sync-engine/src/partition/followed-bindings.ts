import { hasCode, LockstepError, reached } from '@lockstep/core';
import {
  bindingIn,
  type Binding,
  type BindingState,
  type BindingSuspension,
  type KeyRange,
  type ShardHistories,
  type Target,
} from '@lockstep/contracts';
import { resolveIndexName } from '@lockstep/config-store';
import { withSuspension } from '../checkpoint/partition-transitions.js';
import { heldTarget } from './held-target.js';
import { namespaceOf, type TurnContext } from './partition-context.js';

/** The bindings of a partition: which collections are followed, into which targets, and which had to stop. */
export class FollowedBindings {
  constructor(
    protected readonly context: TurnContext,
    protected readonly signal: AbortSignal,
  ) {}

  get names(): readonly string[] {
    return Object.keys(this.context.lease.state.bindings);
  }

  isFollowed(collection: string): boolean {
    return bindingIn(this.context.lease.state, collection)?.suspension === null;
  }

  /** By collection, what of it is followed; those that are followed whole are left out. */
  get ranges(): Readonly<Record<string, KeyRange>> {
    return Object.fromEntries(
      Object.values(this.context.lease.state.bindings).flatMap(({ collection, range }) =>
        range === undefined ? [] : [[collection, range]],
      ),
    );
  }

  /** What is told of the bindings has changed: the next look comes at once. */
  lookSoon(): void {
    // Whoever has something to look at says how.
  }

  /**
   * Finds the targets of the bindings again after a restart. The target of a collection that is not followed may be gone:
   * nothing is written to it.
   * @throws LockstepError SINK_TARGET_MISSING, SINK_IDENTITY_CHANGED
   */
  async findTargets(): Promise<void> {
    const { context, signal } = this;
    for (const state of Object.values(context.lease.state.bindings)) {
      try {
        const target = await this.foundTarget(state);
        if (state.scan?.isInitial !== true) continue;
        if ((await context.sink.count(target, signal)) === 0) await context.sink.beginLoad(target, signal);
      } catch (error) {
        const isKept = state.suspension !== null && hasCode(error, 'SINK_TARGET_MISSING', 'SINK_IDENTITY_CHANGED');
        if (!isKept) throw error;
        context.targets.delete(state.collection);
      }
    }
  }

  /** The target of a binding as it was before. @throws LockstepError SINK_TARGET_MISSING, SINK_IDENTITY_CHANGED */
  protected async foundTarget({ collection, indexUuid }: BindingState): Promise<Target> {
    const { context, signal } = this;
    const target = await heldTarget(context, (options) => context.sink.findTarget(options), {
      binding: this.bindingOf(collection),
      signal,
    });
    if (indexUuid !== null && indexUuid !== target.indexUuid) {
      throw new LockstepError('SINK_IDENTITY_CHANGED', `The index ${target.index} was made anew by somebody else`);
    }
    context.targets.set(collection, target);
    return target;
  }

  async suspend(
    collection: string,
    operation: BindingSuspension['operation'],
    { isTold }: { readonly isTold: boolean } = { isTold: false },
  ): Promise<void> {
    const since = new Date(this.context.clock.nowMs()).toISOString();
    reached('binding.suspending');
    await this.context.checkpoint.save((state) => withSuspension(state, collection, { operation, since, isTold }));
    reached('binding.suspended');
    this.lookSoon();
  }

  /** Whether the collection is still the one we follow; suspends it when it is not. */
  async confirm(collection: string): Promise<boolean> {
    const state = bindingIn(this.context.lease.state, collection);
    if (state?.suspension !== null) return false;
    const existing = await this.context.source.listCollections(this.signal);
    const info = existing.find(({ name }) => name === collection);
    if (info !== undefined && (state.collectionUuid === null || info.uuid === state.collectionUuid)) return true;
    await this.suspend(collection, info === undefined ? 'drop' : 'recreated');
    return false;
  }

  /** What is written from now on is compared with these. */
  protected async historiesOf(target: Target): Promise<ShardHistories> {
    return (await this.context.sink.histories([target], this.signal)).get(target.index) ?? {};
  }

  protected bindingOf(collection: string): Binding {
    const { source, sink } = this.context.connector.config;
    return {
      database: source.database,
      collection,
      namespace: namespaceOf(this.context, collection),
      index: resolveIndexName(sink.index, source.database, collection),
    };
  }
}
