import { LockstepError, reached } from '@lockstep/core';
import { type Target, bindingIn, type BindingScan, type BindingState, type PartitionState } from '@lockstep/contracts';
import { beginScan, withBinding, withCollectionUuid } from '../checkpoint/partition-transitions.js';
import { FollowedBindings } from './followed-bindings.js';
import { namespaceOf } from './partition-context.js';
import { bindingStep, partsFor, type BindingStep } from './lead-view.js';

/** What has to be done for a binding. */
export interface DueStep {
  readonly step: Exclude<BindingStep, 'none' | 'lost'>;
  readonly binding: BindingState;
}

/** The bindings of a partition that is not the lead: what the lead follows, as far as a part of it is here. */
export class FollowerBindings extends FollowedBindings {
  /**
   * What has to be done for the bindings to be as the lead says. What is followed already comes first: the stream that
   * a repeated scan waits for does not know collections that are taken up.
   * @throws LockstepError SOURCE_HISTORY_LOST when the lead is through with what this partition has never read
   */
  due(lead: PartitionState): readonly DueStep[] {
    const { lease } = this.context;
    const due = partsFor(lead, lease.key.partition).flatMap((binding): readonly DueStep[] => {
      const step = bindingStep(bindingIn(lease.state, binding.collection), binding);
      if (step === 'lost') {
        const part = `partition ${lease.key.partition} of ${namespaceOf(this.context, binding.collection)}`;
        throw new LockstepError('SOURCE_HISTORY_LOST', `Nothing is known of ${part}, which the others have read`);
      }
      return step === 'none' ? [] : [{ step, binding }];
    });
    return [...due.filter(({ step }) => step !== 'add'), ...due.filter(({ step }) => step === 'add')];
  }

  async identify({ collection, collectionUuid }: BindingState): Promise<void> {
    await this.context.checkpoint.save((state) => withCollectionUuid(state, collection, collectionUuid));
  }

  /** Follows a part of a collection and scans it, for the first time or once more. */
  async take(leads: BindingState): Promise<void> {
    const target = await this.foundTarget(leads);
    const { splits: _splits, ...binding } = leads;
    const state: BindingState = {
      ...binding,
      histories: await this.historiesOf(target),
      scan: await this.newScan(leads, target),
      suspension: null,
    };
    reached('part.taking');
    await this.context.checkpoint.save((stored) => withBinding(stored, state));
    reached('part.taken');
  }

  /** The lead sweeps: a part is through when its stream has passed what was read. */
  async settle(collection: string): Promise<void> {
    await this.changeScan(collection, (scan) => ({ ...scan, isSwept: true }));
    reached('part.settled');
  }

  async endScan(collection: string): Promise<void> {
    await this.changeScan(collection, () => null);
    reached('part.ended');
  }

  private async changeScan(collection: string, change: (scan: BindingScan) => BindingScan | null): Promise<void> {
    await this.context.checkpoint.save((state) => {
      const binding = bindingIn(state, collection);
      if (binding === undefined || binding.scan === null) return state;
      return withBinding(state, { ...binding, scan: change(binding.scan) });
    });
  }

  /**
   * Sequence numbers are marked anew: what this partition wrote by its former position, or of a former collection, may
   * have come behind the lead's marks, and no change that is read from now on tells of its deletion.
   */
  private async newScan({ collection, range, scan }: BindingState, target: Target): Promise<BindingScan> {
    const { checkpoint, source, sink } = this.context;
    const isSweepDue = (scan?.seqNoMarks ?? null) !== null;
    const seqNoMarks = isSweepDue ? await sink.seqNoMarks(target, this.signal) : null;
    const request = { collection, ...(range === undefined ? {} : { range }) };
    const upTo = await source.lastKey({ ...request, atLeast: checkpoint.position.h, signal: this.signal });
    // The lead's estimate is of the whole collection.
    const begun = beginScan({ isInitial: scan?.isInitial === true, upTo, estimatedTotal: 0, seqNoMarks });
    return { ...begun, isSwept: false };
  }
}
