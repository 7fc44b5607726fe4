import { backoffDelayMs, hasCode, LockstepError, sleep, systemClock, type Clock } from '@lockstep/core';
import { DocumentStore, stateAlias, type ElasticClient } from '@lockstep/elastic';
import {
  abandonGeneration,
  beginGeneration,
  commitGeneration,
  discardGeneration,
  FIRST_PLAN,
  isForgotten,
  keepGeneration,
  removeGeneration,
  returnGeneration,
  serveGeneration,
  type GenerationPlan,
  type GenerationWay,
} from './generation-plan.js';

/** The generations of one connector, in `<prefix>-state` beside its partitions. */
interface GenerationDocument {
  readonly schema: 1;
  /** Id of the connector. */
  readonly generationsOf: string;
  readonly plan: GenerationPlan;
  /** ISO 8601, UTC. */
  readonly updatedAt: string;
}

const CONFLICT_BACKOFF = { baseMs: 10, maxMs: 250 };
const MAX_CONFLICTS = 30;
const MAX_LISTED = 5_000;
/** Whoever looks for work next sees the change. */
const VISIBLE = { refresh: true };

/** Which generations connectors have. Every change is a compare-and-set, decided anew when somebody was faster. */
export class GenerationStore {
  private readonly documents: DocumentStore<GenerationDocument>;

  constructor(
    client: ElasticClient,
    prefix: string,
    private readonly clock: Clock = systemClock,
  ) {
    this.documents = new DocumentStore(client, stateAlias(prefix, 'state'));
  }

  /** As of now. */
  async get(connectorId: string): Promise<GenerationPlan> {
    return (await this.documents.get(documentId(connectorId)))?.source.plan ?? FIRST_PLAN;
  }

  /** By connector, up to a second old; connectors that were never filled anew are left out. */
  async list(connectorIds: readonly string[]): Promise<ReadonlyMap<string, GenerationPlan>> {
    if (connectorIds.length === 0) return new Map();
    const query = { terms: { generationsOf: [...connectorIds] } };
    const { documents } = await this.documents.search({ query, size: MAX_LISTED });
    return new Map(documents.map(({ source }) => [source.generationsOf, source.plan]));
  }

  /** @throws LockstepError JOB_STATE_CONFLICT */
  begin(connectorId: string, job: { readonly jobId: string; readonly revision: number }): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => beginGeneration(plan, { ...job, nowIso: this.nowIso() }));
  }

  /** @throws LockstepError JOB_STATE_CONFLICT */
  bringBack(connectorId: string, jobId: string): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => returnGeneration(plan, jobId));
  }

  /** @throws LockstepError JOB_STATE_CONFLICT, GENERATION_UNKNOWN */
  commit(connectorId: string, way: GenerationWay): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => commitGeneration(plan, way));
  }

  /** @throws LockstepError JOB_STATE_CONFLICT, GENERATION_UNKNOWN */
  serve(connectorId: string, number: number): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => serveGeneration(plan, number, this.nowIso()));
  }

  abandon(connectorId: string, way: GenerationWay): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => abandonGeneration(plan, way));
  }

  /** @throws LockstepError JOB_STATE_CONFLICT, GENERATION_UNKNOWN */
  discard(connectorId: string, number: number): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => discardGeneration(plan, number));
  }

  /**
   * Discards every generation that has been retired for longer than `maxAgeMs` milliseconds. One that searches still went
   * to when it was tried is tried again as long after.
   * @returns how many
   */
  async discardRetired(maxAgeMs: number): Promise<number> {
    const before = new Date(this.clock.nowMs() - maxAgeMs).toISOString();
    const { documents } = await this.documents.search({
      query: { exists: { field: 'generationsOf' } },
      size: MAX_LISTED,
    });
    let discarded = 0;
    for (const { source } of documents) {
      for (const generation of source.plan.generations) {
        if (!isForgotten(generation, before)) continue;
        if (await this.discardIfRetired(source.generationsOf, generation.number)) discarded += 1;
      }
    }
    return discarded;
  }

  private async discardIfRetired(connectorId: string, number: number): Promise<boolean> {
    try {
      await this.discard(connectorId, number);
      return true;
    } catch (error) {
      // It is coming back meanwhile, or gone.
      if (hasCode(error, 'JOB_STATE_CONFLICT', 'GENERATION_UNKNOWN')) return false;
      throw error;
    }
  }

  /** It was to be deleted, and is not. @param message why */
  keep(connectorId: string, number: number, message: string): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => keepGeneration(plan, number, { since: this.nowIso(), message }));
  }

  remove(connectorId: string, number: number): Promise<GenerationPlan> {
    return this.update(connectorId, (plan) => removeGeneration(plan, number));
  }

  /** Forgets what a connector had. */
  async deleteByConnector(connectorId: string): Promise<void> {
    await this.documents.delete({ id: documentId(connectorId) }, VISIBLE);
  }

  private async update(connectorId: string, change: (plan: GenerationPlan) => GenerationPlan): Promise<GenerationPlan> {
    for (let conflicts = 1; ; conflicts += 1) {
      const stored = await this.documents.get(documentId(connectorId));
      const plan = stored?.source.plan ?? FIRST_PLAN;
      const next = change(plan);
      if (next === plan) return plan;
      const document: GenerationDocument = {
        schema: 1,
        generationsOf: connectorId,
        plan: next,
        updatedAt: this.nowIso(),
      };
      try {
        await (stored === undefined
          ? this.documents.create(documentId(connectorId), document, VISIBLE)
          : this.documents.replace(stored, document, VISIBLE));
        return next;
      } catch (error) {
        if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
        if (conflicts >= MAX_CONFLICTS) throw new LockstepError('CONFIG_VERSION_CONFLICT', undefined, { cause: error });
      }
      await sleep(backoffDelayMs(conflicts, CONFLICT_BACKOFF));
    }
  }

  private nowIso(): string {
    return new Date(this.clock.nowMs()).toISOString();
  }
}

function documentId(connectorId: string): string {
  return `${connectorId}:generations`;
}
