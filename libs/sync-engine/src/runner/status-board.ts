import { ERROR_CATALOGUE, type Clock, type ErrorCode } from '@lockstep/core';
import type { Condition, EventSink, ObservedState, PartitionState } from '@lockstep/contracts';

/** What conditions are about; one of each stands at a time. */
export type ConditionSubject =
  'session' | 'stream' | 'sink' | 'conflicts' | 'targets' | 'bindings' | 'brake' | 'takeover' | 'rules' | 'headroom';

/** Builds a condition from an error code; the remedy is the catalogue's. */
export function conditionOf(reason: string, code: ErrorCode, message: string, nowMs: number): Condition {
  return { reason, code, message, since: new Date(nowMs).toISOString(), remedy: ERROR_CATALOGUE[code].advice };
}

export interface StatusBoardOptions {
  readonly connectorId: string;
  readonly partition: string;
  readonly clock: Clock;
  readonly events: EventSink;
  /** Writes observed state and conditions into the partition's document. */
  readonly save: (change: (state: PartitionState) => PartitionState) => Promise<unknown>;
}

/** What the outside sees of a partition: its observed state and why it waits. Saved on change only. */
export class StatusBoard {
  private observed: ObservedState = 'starting';
  private readonly conditions = new Map<ConditionSubject, readonly Condition[]>();
  private published = '';
  private saving: Promise<void> = Promise.resolve();

  constructor(private readonly options: StatusBoardOptions) {}

  observe(state: ObservedState): void {
    this.observed = state;
    this.publish();
  }

  /** Replaces what is said about a subject; an empty list takes it back. A standing condition keeps its `since`. */
  set(subject: ConditionSubject, conditions: readonly Condition[]): void {
    const before = this.conditions.get(subject) ?? [];
    const kept = conditions.map((condition) => {
      const alike = before.filter(({ reason, code }) => reason === condition.reason && code === condition.code);
      const same =
        alike.find(({ message }) => message === condition.message) ?? (alike.length === 1 ? alike[0] : undefined);
      return same === undefined ? condition : { ...condition, since: same.since };
    });
    this.conditions.set(subject, kept);
    this.publish();
  }

  clear(...subjects: readonly ConditionSubject[]): void {
    for (const subject of subjects) this.conditions.delete(subject);
    this.publish();
  }

  /** Takes back everything that was said: nobody works on the partition any more. */
  clearAll(): void {
    this.conditions.clear();
    this.publish();
  }

  /** Waits until what was said last is stored, or could not be. */
  async settled(): Promise<void> {
    await this.saving;
  }

  private publish(): void {
    const conditions = [...this.conditions.values()].flat();
    const state = this.shown(conditions);
    const text = JSON.stringify([state, conditions]);
    if (text === this.published) return;
    this.published = text;
    const { connectorId, partition } = this.options;
    this.options.events.emit({ type: 'connector.observed', connectorId, partition, state, conditions });
    this.saving = this.saving
      .then(() => this.options.save((document) => ({ ...document, observedState: state, conditions })))
      .then(
        () => undefined,
        // A lease that is lost or fenced says so to its holder itself; the next holder publishes its own status.
        () => {
          this.published = '';
        },
      );
  }

  /** A connector that works but has something for the operator to do asks for attention. */
  private shown(conditions: readonly Condition[]): ObservedState {
    if (this.observed !== 'scanning' && this.observed !== 'streaming') return this.observed;
    const waitsFor = (subject: ConditionSubject): boolean => (this.conditions.get(subject)?.length ?? 0) > 0;
    if (waitsFor('sink') || waitsFor('stream')) return 'waiting';
    return conditions.length > 0 ? 'attention' : this.observed;
  }
}
