import { reached } from '@lockstep/core';
import type { BindingScan, BindingState, PartitionState } from '@lockstep/contracts';
import { beginScan, withBinding } from '../checkpoint/partition-transitions.js';
import { FollowedBindings } from './followed-bindings.js';
import { bindingStep, partsFor, type BindingStep } from './lead-view.js';

/** The bindings of a partition that is not the lead: what the lead follows, as far as a part of it is here. */
export class FollowerBindings extends FollowedBindings {
  /** What has to be done for the bindings to be as the lead says. */
  due(lead: PartitionState): readonly { readonly step: BindingStep; readonly binding: BindingState }[] {
    const { lease } = this.context;
    return partsFor(lead, lease.key.partition).flatMap((binding) => {
      const step = bindingStep(lease.state.bindings[binding.collection], binding);
      return step === 'none' ? [] : [{ step, binding }];
    });
  }

  /** Follows a part of a collection and scans it, for the first time or once more. */
  async take(leads: BindingState): Promise<void> {
    const target = await this.foundTarget(leads);
    const { splits: _splits, ...binding } = leads;
    const state: BindingState = {
      ...binding,
      histories: await this.historiesOf(target),
      scan: await this.newScan(leads),
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
      const binding = state.bindings[collection];
      if (binding === undefined || binding.scan === null) return state;
      return withBinding(state, { ...binding, scan: change(binding.scan) });
    });
  }

  private async newScan({ collection, range, scan }: BindingState): Promise<BindingScan> {
    const { checkpoint, source } = this.context;
    const request = { collection, ...(range === undefined ? {} : { range }) };
    const upTo = await source.lastKey({ ...request, atLeast: checkpoint.position.h, signal: this.signal });
    // The lead's estimate is of the whole collection.
    const begun = beginScan({ isInitial: scan?.isInitial === true, upTo, estimatedTotal: 0, seqNoMarks: null });
    return { ...begun, isSwept: false };
  }
}
