import type { Binding, SinkConfig, Target } from '@lockstep/contracts';
import { hasCode, LockstepError } from '@lockstep/core';
import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import { readIndices } from './stored-index.js';
import { targetNames } from './target-names.js';
import { countDocuments } from './visible-documents.js';

export interface ReadAliasesOptions {
  readonly client: ElasticClient;
  readonly connectorId: string;
  readonly installationId: string;
  readonly config: Pick<SinkConfig, 'layout'>;
}

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

  /** Moves and ends read aliases, all in one step. @throws LockstepError SINK_TARGET_FOREIGN */
  async moveTo(targets: readonly Target[], withdrawn: readonly Binding[], signal: AbortSignal): Promise<void> {
    const wishes = [
      ...targets.map(({ binding, index }) => ({ binding, index })),
      ...withdrawn.map((binding) => ({ binding, index: null })),
    ];
    const actions = (
      await Promise.all(wishes.map(({ binding, index }) => this.actions(binding, index, signal)))
    ).flat();
    if (actions.length === 0) return;
    try {
      await this.options.client.indices.updateAliases({ actions }, { signal });
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  /** @param wanted the index that the alias is to lead to; null to end it */
  private async actions(binding: Binding, wanted: string | null, signal: AbortSignal): Promise<object[]> {
    const { client, connectorId, installationId, config } = this.options;
    const alias = targetNames(binding.index, config.layout, 1).readAlias;
    if (alias === null) return [];
    const behind = await readIndices(client, alias, signal);
    for (const { name, mark } of behind) {
      const isOurs = mark?.installationId === installationId && mark.connectorId === connectorId;
      if (name === alias || !isOurs) {
        throw new LockstepError('SINK_TARGET_FOREIGN', `${alias} exists and does not belong to this connector`);
      }
    }
    const others = behind.filter(({ name }) => name !== wanted);
    const isThere = behind.length > others.length;
    return [
      ...others.map(({ name }) => ({ remove: { index: name, alias } })),
      ...(isThere || wanted === null ? [] : [{ add: { index: wanted, alias, is_write_index: false } }]),
    ];
  }
}
