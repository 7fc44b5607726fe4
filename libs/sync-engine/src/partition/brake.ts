import { LockstepError, type ErrorCode } from '@lockstep/core';
import { conditionOf } from '../runner/status-board.js';
import type { PartitionContext } from './partition-context.js';

/** What the brake says while it holds something. */
export interface BrakeWords {
  readonly reason: string;
  readonly code: Extract<ErrorCode, 'SWEEP_BRAKE_ENGAGED' | 'GENERATION_BRAKE_ENGAGED'>;
}

/** What waits for an operator, collection by collection; told in the conditions and in the job of the bulk sync. */
export class Brake {
  private held: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly context: PartitionContext,
    private readonly words: BrakeWords,
  ) {}

  get isEngaged(): boolean {
    return this.held.size > 0;
  }

  holds(collection: string): boolean {
    return this.held.has(collection);
  }

  /** Collections that an operator has confirmed by now. */
  async confirmed(): Promise<ReadonlySet<string>> {
    const job = await this.context.ledger.readBulk();
    return new Set(job?.confirmedCollections ?? []);
  }

  /** Holds one more collection. @param message what would be removed */
  async engage(collection: string, message: string): Promise<void> {
    await this.hold(new Map([...this.held, [collection, message]]));
  }

  /** Holds these collections and no others. @param held what would be removed, by collection */
  async hold(held: ReadonlyMap<string, string>): Promise<void> {
    if (held.size === 0 && !this.isEngaged) return;
    this.held = held;
    const { status, ledger, clock } = this.context;
    const { reason, code } = this.words;
    const conditions = [...held.values()].map((message) => conditionOf(reason, code, message, clock.nowMs()));
    status.set('brake', conditions);
    const message = [...held.values()].join('; ');
    await ledger.tellBulk(held.size === 0 ? null : new LockstepError(code, message), {
      condition: held.size === 0 ? null : conditionOf(reason, code, message, clock.nowMs()),
      heldCollections: [...held.keys()],
    });
  }

  /** Lets go what is confirmed, and what is no longer due. */
  async letGo(isDue: (collection: string) => boolean): Promise<void> {
    if (!this.isEngaged) return;
    const confirmed = await this.confirmed();
    const left = [...this.held].filter(([collection]) => isDue(collection) && !confirmed.has(collection));
    if (left.length < this.held.size) await this.hold(new Map(left));
  }

  /** Forgets what is held: it is judged anew, or its job is over. */
  release(): void {
    this.held = new Map();
    this.context.status.clear('brake');
  }
}
