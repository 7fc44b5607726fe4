import { bindingIn, type Target } from '@lockstep/contracts';
import { servingGeneration } from '@lockstep/jobs';
import { Brake } from './brake.js';
import { followedTargets } from './followed-targets.js';
import { lostToSearches } from './lost-to-searches.js';
import type { PartitionContext } from './partition-context.js';

/**
 * The read aliases of a generation that serves. A takeover leaves those of collections that had to stop where they are: they
 * lead to a generation before, which nobody follows. When such a collection is followed again, and its target complete,
 * its alias comes to it.
 */
export class ReadAliasKeeper {
  private readonly brake: Brake;

  constructor(
    private readonly context: PartitionContext,
    private readonly signal: AbortSignal,
  ) {
    this.brake = new Brake(context, { reason: 'GenerationTooSmall', code: 'GENERATION_BRAKE_ENGAGED' });
  }

  /** Whether a move still waits for an operator. */
  async isHeld(): Promise<boolean> {
    await this.brake.letGo(() => true);
    return this.brake.isEngaged;
  }

  /**
   * Lets all read aliases lead to the targets that are followed, when those are scanned, swept and visible. Can be repeated.
   * @returns false when the brake holds it: searches would find far less
   */
  async takeUp(): Promise<boolean> {
    const { context, signal } = this;
    const targets = await this.elsewhere();
    await this.brake.hold(await lostToSearches(context, targets, { confirmed: await this.confirmed(), signal }));
    if (this.brake.isEngaged) return false;
    await context.sink.serve(targets, [], { signal, isDue: () => this.isServing() });
    return true;
  }

  /** Targets that are followed, while searches go to another generation. */
  elsewhere(): Promise<readonly Target[]> {
    return this.context.sink.servedElsewhere([...followedTargets(this.context).values()], this.signal);
  }

  /** Forgets what is held: it is judged anew, or its job is over. */
  release(): void {
    this.brake.release();
  }

  private async confirmed(): Promise<ReadonlySet<string>> {
    const { lease } = this.context;
    const isWanted = (name: string): boolean => bindingIn(lease.state, name)?.scan?.isRemovalWanted === true;
    return new Set([...(await this.brake.confirmed()), ...Object.keys(lease.state.bindings).filter(isWanted)]);
  }

  /** One that takes over moves all of them, and nobody moves them back. */
  private async isServing(): Promise<boolean> {
    const { generations, lease } = this.context;
    const plan = await generations.get(lease.key.connectorId);
    return (
      servingGeneration(plan).number === lease.key.generation &&
      plan.generations.every(({ state }) => state !== 'switching')
    );
  }
}
