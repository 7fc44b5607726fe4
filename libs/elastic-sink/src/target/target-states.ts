import type { Target } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { ElasticClient } from '@lockstep/elastic';
import { loadOpenLetters } from '../dead-letters/open-letters.js';
import { KnownFields } from '../mapping/known-fields.js';
import { readIndices } from './stored-index.js';
import type { TargetState } from './target-state.js';

export interface TargetStatesOptions {
  readonly client: ElasticClient;
  readonly stateClient: ElasticClient;
  readonly prefix: string;
  readonly connectorId: string;
  readonly maxOpenLetters: number;
}

/** Elasticsearch's default of `index.mapping.total_fields.limit`. */
const DEFAULT_FIELD_LIMIT = 1_000;

/** What is remembered about each target, loaded once and kept while its index is the same. */
export class TargetStates {
  private readonly states = new Map<string, TargetState>();

  constructor(private readonly options: TargetStatesOptions) {}

  /** The remembered state; loaded when this sink has not seen the target yet. */
  async of(target: Target, signal: AbortSignal): Promise<TargetState> {
    return this.states.get(target.indexUuid) ?? this.load(target, null, signal);
  }

  /**
   * Reads it anew from both clusters.
   * @param generation null takes the one of the index's mark
   */
  async load(target: Target, generation: number | null, signal: AbortSignal): Promise<TargetState> {
    const { client, stateClient, prefix, connectorId, maxOpenLetters } = this.options;
    const [index] = await readIndices(client, target.index, signal);
    if (index?.uuid !== target.indexUuid) throw new LockstepError('SINK_TARGET_MISSING', `${target.index} is gone`);
    const knownGeneration = generation ?? index.mark?.generation ?? 1;
    const { namespace } = target.binding;
    const limit = Number(index.settings['mapping.total_fields.limit'] ?? DEFAULT_FIELD_LIMIT);
    const state: TargetState = {
      target,
      generation: knownGeneration,
      fields: new KnownFields(index.mappings, limit, index.settings['mapping.coerce'] !== 'false'),
      openLetters: await loadOpenLetters({
        client: stateClient,
        prefix,
        target: { connectorId, namespace, generation: knownGeneration },
        maxIds: maxOpenLetters,
      }),
    };
    this.states.set(target.indexUuid, state);
    return state;
  }

  forget(target: Target): void {
    this.states.delete(target.indexUuid);
  }
}
