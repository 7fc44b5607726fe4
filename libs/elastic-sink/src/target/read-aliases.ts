import type { Binding, ServeOptions, SinkConfig, Target } from '@lockstep/contracts';
import { hasCode } from '@lockstep/core';
import { classifyElasticError, elasticFailure, type ElasticClient } from '@lockstep/elastic';
import { readIndices } from './stored-index.js';
import type { TargetMark } from './target-mark.js';
import type { TargetOwnership } from './target-ownership.js';
import { targetNames } from './target-names.js';
import { countDocuments } from './visible-documents.js';

export interface ReadAliasesOptions {
  readonly client: ElasticClient;
  readonly ownership: TargetOwnership;
  readonly config: Pick<SinkConfig, 'layout'>;
}

/** So often an alias may be found moved before it is an error. */
const MAX_TIMES = 10;

/** What searches go by: the read alias of each binding, which leads to the generation that serves. */
export class ReadAliases {
  constructor(private readonly options: ReadAliasesOptions) {}

  /** Documents that a search by the binding's name sees; 0 while the name leads nowhere. */
  async count(binding: Binding, signal: AbortSignal): Promise<number> {
    try {
      return await countDocuments(this.options.client, binding.index, signal);
    } catch (error) {
      if (hasCode(error, 'SINK_TARGET_MISSING')) return 0;
      throw error;
    }
  }

  /** Those of the targets whose read alias leads to another index of the connector, or to one that it takes over. */
  async servedElsewhere(targets: readonly Target[], signal: AbortSignal): Promise<readonly Target[]> {
    const found = await Promise.all(
      targets.map(async ({ binding, index }) => {
        const alias = this.aliasOf(binding);
        if (alias === null) return false;
        const behind = await readIndices(this.options.client, alias, signal);
        const others = behind.filter(({ name }) => name !== index && name !== alias);
        const areOurs = await Promise.all(others.map(({ mark }) => this.isOurs(mark)));
        return areOurs.includes(true);
      }),
    );
    return targets.filter((_target, at) => found[at]);
  }

  /**
   * Moves and ends read aliases, all in one step: from where they were found. When somebody moves one of them meanwhile,
   * it begins anew.
   * @throws LockstepError SINK_TARGET_FOREIGN
   */
  async moveTo(
    targets: readonly Target[],
    withdrawn: readonly Binding[],
    { signal, isDue = () => Promise.resolve(true) }: ServeOptions,
  ): Promise<void> {
    const wishes = [
      ...targets.map(({ binding, index }) => ({ binding, index })),
      ...withdrawn.map((binding) => ({ binding, index: null })),
    ];
    for (let times = 1; ; times += 1) {
      const actions = (
        await Promise.all(wishes.map(({ binding, index }) => this.actions(binding, index, signal)))
      ).flat();
      if (!(await isDue()) || actions.length === 0) return;
      try {
        await this.options.client.indices.updateAliases({ actions }, { signal });
        return;
      } catch (error) {
        if (!isMovedMeanwhile(error) || times === MAX_TIMES) throw classifyElasticError(error);
      }
    }
  }

  /** @param wanted the index that the alias is to lead to; null to end it */
  private async actions(binding: Binding, wanted: string | null, signal: AbortSignal): Promise<object[]> {
    const alias = this.aliasOf(binding);
    if (alias === null) return [];
    const behind = await readIndices(this.options.client, alias, signal);
    for (const { name, mark } of behind) {
      if (name === alias || !(await this.isOurs(mark))) throw await this.options.ownership.foreign(alias, mark);
    }
    const others = behind.filter(({ name }) => name !== wanted);
    const isThere = behind.length > others.length;
    return [
      ...others.map(({ name }) => ({ remove: { index: name, alias, must_exist: true } })),
      ...(isThere || wanted === null ? [] : [{ add: { index: wanted, alias, is_write_index: false } }]),
    ];
  }

  /** Null in the layout `index`, which has none. */
  private aliasOf(binding: Binding): string | null {
    return targetNames(binding.index, this.options.config.layout, 1).readAlias;
  }

  private async isOurs(mark: TargetMark | null): Promise<boolean> {
    const { ownership } = this.options;
    return ownership.isOurs(mark) || (await ownership.isLeftBehind(mark));
  }
}

/** What an alias was to be taken from has it no more, or is gone. */
function isMovedMeanwhile(error: unknown): boolean {
  return elasticFailure(error).status === 404;
}
