import type { EnsuredTarget, EnsureTargetOptions, SinkConfig, Target } from '@lockstep/contracts';
import { LockstepError, reached } from '@lockstep/core';
import { classifyElasticError, elasticFailure, type ElasticClient } from '@lockstep/elastic';
import { checkDefinition, type CheckedDefinition } from './check-definition.js';
import { definitionRefusal } from './definition-refusal.js';
import { MIN_GC_DELETES, targetMappings, targetSettings } from './index-definition.js';
import { readIndices, type StoredIndex } from './stored-index.js';
import { isOfConnector, isSameMark, type TargetMark } from './target-mark.js';
import type { TargetOwnership } from './target-ownership.js';
import { fenceOf, isWriteAlias, targetNames, type TargetNames } from './target-names.js';
import { countDocuments, refreshIndex } from './visible-documents.js';
import { planWriteAlias } from './write-alias-plan.js';

export interface TargetKeeperOptions {
  readonly client: ElasticClient;
  readonly connectorId: string;
  readonly installationId: string;
  readonly config: SinkConfig;
  readonly ownership: TargetOwnership;
  /** Ordinal of the partition that writes. */
  readonly partition: number;
}

interface Wanted {
  readonly names: TargetNames;
  readonly fence: number;
  readonly mark: TargetMark;
  readonly options: EnsureTargetOptions;
}

/** Creates and finds the indices of a connector; touches no index that is not its own. */
export class TargetKeeper {
  /** The operator's part of a definition is the same for all targets of a connector. */
  private isChecked = false;

  constructor(private readonly options: TargetKeeperOptions) {}

  /**
   * @throws LockstepError JOB_LEASE_LOST, SINK_TARGET_FOREIGN, SINK_TARGET_INVALID, SINK_SHARD_LIMIT_REACHED,
   * SINK_AUTH_FAILED, SINK_UNREACHABLE
   */
  async ensure(options: EnsureTargetOptions): Promise<EnsuredTarget> {
    const wanted = this.wanted(options);
    const existing = await this.find(wanted);
    if (existing !== undefined) return this.takeUp(wanted, existing);
    const isServedElsewhere = await this.checkReadAlias(wanted, []);
    if (await this.create(wanted, options.isServing && !isServedElsewhere)) {
      const created = await this.find(wanted);
      if (created !== undefined) return { ...this.target(wanted, created), isEmpty: true };
    }
    // Somebody was faster; what they made is judged like anything that was there before.
    const found = await this.find(wanted);
    if (found === undefined) throw new LockstepError('SINK_REQUEST_FAILED', 'the index vanished while it was created');
    return this.takeUp(wanted, found);
  }

  /** @throws LockstepError JOB_LEASE_LOST, SINK_TARGET_MISSING, SINK_TARGET_FOREIGN */
  async lookUp(options: EnsureTargetOptions): Promise<Target> {
    const wanted = this.wanted(options);
    const existing = await this.find(wanted);
    if (existing === undefined) throw missing(wanted.names.index);
    if (!isSameMark(existing.mark, wanted.mark)) throw await this.foreign(wanted.names.index, existing.mark);
    const { isKnown } = planWriteAlias(wanted.names, wanted.fence, Object.keys(existing.aliases));
    // The lead makes the index; the others come to it later, for the first time without an alias.
    if (!isKnown && wanted.names.partition === 0) throw missing(wanted.names.writeAlias);
    // The read alias too: made while the generation was on its way, and behind the step that moved the read aliases.
    await this.mendAliases(wanted, existing);
    return this.target(wanted, existing);
  }

  async latestFence(options: EnsureTargetOptions): Promise<number> {
    const wanted = this.wanted(options);
    const aliases = Object.keys((await this.find(wanted))?.aliases ?? {});
    return Math.max(0, ...aliases.map((alias) => fenceOf(wanted.names, alias) ?? 0));
  }

  /** @throws LockstepError SINK_TARGET_MISSING when the write alias does not lead to the target alone */
  async verifyAlias(target: Target, signal: AbortSignal): Promise<void> {
    const behind = await readIndices(this.options.client, target.writeAlias, signal);
    if (behind.length !== 1 || behind[0]?.uuid !== target.indexUuid) throw missing(target.writeAlias);
  }

  /** Write aliases of the index that are not the target's end, all in one step. */
  async closeToOthers(target: Target, signal: AbortSignal): Promise<void> {
    const [existing] = await readIndices(this.options.client, target.index, signal);
    if (existing?.uuid !== target.indexUuid) throw missing(target.index);
    const { index, writeAlias } = target;
    const others = Object.keys(existing.aliases).filter((alias) => isWriteAlias(index, alias) && alias !== writeAlias);
    const actions = others.map((alias) => ({ remove: { index, alias, must_exist: false } }));
    await this.updateAliases(actions, signal);
  }

  private wanted(options: EnsureTargetOptions): Wanted {
    const { connectorId, installationId, config, partition } = this.options;
    const { binding, generation, fence = 0 } = options;
    return {
      names: targetNames(binding.index, config.layout, generation, { partition, fence }),
      fence,
      mark: { installationId, connectorId, binding: binding.namespace, generation },
      options,
    };
  }

  private async find({ names, options }: Wanted): Promise<StoredIndex | undefined> {
    const [first] = await readIndices(this.options.client, names.index, options.signal);
    // The name is an alias of something else.
    if (first !== undefined && first.name !== names.index) throw await this.foreign(names.index, first.mark);
    return first;
  }

  /** An index that was there before: ours, or taken over when the connector may. */
  private async takeUp(wanted: Wanted, existing: StoredIndex): Promise<EnsuredTarget> {
    const isOurs = isSameMark(existing.mark, wanted.mark);
    if (!isOurs) await this.options.ownership.checkAdoptable(wanted.names.index, existing.mark);
    await this.checkReadAlias(wanted, [existing.name]);
    if (!isOurs) await this.adopt(wanted, existing);
    await this.mendAliases(wanted, existing);
    const isEmpty = await this.isEmpty(existing.name, wanted.options.signal);
    return { ...this.target(wanted, existing), isEmpty };
  }

  /**
   * The read alias must lead to nothing but indices of this binding, or of another generation of the connector, which
   * may have been of another database; or to what a connector that is no more has left, until the target is filled.
   * @returns whether it leads to one
   */
  private async checkReadAlias({ names, mark, options }: Wanted, allowed: readonly string[]): Promise<boolean> {
    if (names.readAlias === null) return false;
    const behind = await readIndices(this.options.client, names.readAlias, options.signal);
    for (const index of behind) {
      const isOurs =
        isOfConnector(index.mark, mark) &&
        (index.mark.binding === mark.binding || index.mark.generation !== mark.generation);
      const isKnown = isOurs || allowed.includes(index.name);
      if (index.name !== names.readAlias && (isKnown || (await this.options.ownership.isLeftBehind(index.mark))))
        continue;
      throw await this.foreign(names.readAlias, index.mark);
    }
    return behind.length > 0;
  }

  private async check(definition: CheckedDefinition): Promise<void> {
    const { config, client } = this.options;
    if (this.isChecked || (config.mappings === undefined && config.settings === undefined)) return;
    await checkDefinition(client, definition);
    this.isChecked = true;
  }

  /** @returns false when the index exists by now */
  private async create({ names, mark }: Wanted, hasReadAlias: boolean): Promise<boolean> {
    const { config, client } = this.options;
    const settings = targetSettings(config);
    const mappings = targetMappings(config, mark);
    await this.check({ index: names.index, settings, mappings });
    reached('target.making');
    try {
      await client.indices.create({
        index: names.index,
        // The read alias takes no writes, so that nobody writes past the versions by mistake.
        aliases: {
          [names.writeAlias]: { is_write_index: true, is_hidden: true },
          ...(names.readAlias !== null && hasReadAlias ? { [names.readAlias]: { is_write_index: false } } : {}),
        },
        settings,
        mappings,
      });
      reached('target.made');
      return true;
    } catch (error) {
      const { errorType } = elasticFailure(error);
      if (errorType === 'resource_already_exists_exception') return false;
      if (errorType === 'invalid_alias_name_exception') throw await this.foreign(names.readAlias ?? names.index);
      throw definitionRefusal(error, names.index);
    }
  }

  private async adopt({ names, mark, options }: Wanted, existing: StoredIndex): Promise<void> {
    const meta = (existing.mappings._meta ?? {}) as Record<string, unknown>;
    try {
      await this.options.client.indices.putSettings(
        { index: names.index, settings: { gc_deletes: MIN_GC_DELETES } },
        { signal: options.signal },
      );
      await this.options.client.indices.putMapping(
        { index: names.index, _meta: { ...meta, lockstep: mark } },
        { signal: options.signal },
      );
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async mendAliases({ names, fence, options }: Wanted, existing: StoredIndex): Promise<void> {
    const { readAlias, index } = names;
    const actions = [...planWriteAlias(names, fence, Object.keys(existing.aliases)).actions];
    if (readAlias !== null && options.isServing && !(readAlias in existing.aliases)) {
      const behind = await readIndices(this.options.client, readAlias, options.signal);
      if (behind.length === 0) actions.push({ add: { index, alias: readAlias, is_write_index: false } });
    }
    await this.updateAliases(actions, options.signal);
  }

  private async updateAliases(actions: readonly object[], signal: AbortSignal): Promise<void> {
    if (actions.length === 0) return;
    try {
      await this.options.client.indices.updateAliases({ actions: [...actions] }, { signal });
    } catch (error) {
      throw classifyElasticError(error);
    }
  }

  private async isEmpty(index: string, signal: AbortSignal): Promise<boolean> {
    await refreshIndex(this.options.client, index, signal);
    return (await countDocuments(this.options.client, index, signal)) === 0;
  }

  private foreign(name: string, mark: TargetMark | null = null): Promise<LockstepError> {
    return this.options.ownership.foreign(name, mark);
  }

  private target({ names, options }: Wanted, existing: StoredIndex): Target {
    return {
      binding: options.binding,
      index: names.index,
      writeAlias: names.writeAlias,
      indexUuid: existing.uuid,
    };
  }
}

function missing(name: string): LockstepError {
  return new LockstepError('SINK_TARGET_MISSING', `${name} is gone`);
}
