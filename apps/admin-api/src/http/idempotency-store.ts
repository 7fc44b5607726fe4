import { createHash, createHmac } from 'node:crypto';
import { type Clock, hasCode, LockstepError, systemClock } from '@lockstep/core';
import type { DocumentStore, StoredDocument } from '@lockstep/elastic';
import { API_LIMITS } from './api-limits.js';

/** An answer that can be given again. It holds views only, never a secret. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One keyed request, kept in the audit index under the hash of its key. */
export interface IdempotencyRecord {
  readonly schema: 1;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly actor: 'api';
  readonly action: 'request.keyed';
  /** Method and path. */
  readonly subject: string;
  readonly requestId: string;
  readonly details: { readonly fingerprint: string; readonly answer: StoredAnswer | null };
}

export interface KeyedRequest {
  readonly key: string;
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly body: unknown;
  readonly requestId: string;
}

export type IdempotencyClaim =
  | { readonly kind: 'first'; readonly record: StoredDocument<IdempotencyRecord> }
  | { readonly kind: 'replay'; readonly answer: StoredAnswer };

/** A request that has not answered after this long died with its process; its key may be used again. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Remembers the answers of keyed requests in Elasticsearch, so that a repetition gets the same answer
 * also from another process or after a restart. The body is compared by a digest that the key itself
 * seeds: the stored record tells nothing about a secret in the body.
 */
export class IdempotencyStore {
  constructor(
    private readonly documents: DocumentStore<IdempotencyRecord>,
    private readonly clock: Clock = systemClock,
  ) {}

  /** @throws LockstepError API_IDEMPOTENCY_CONFLICT when the key stands for another or a running request */
  async claim(request: KeyedRequest): Promise<IdempotencyClaim> {
    const id = `idem_${createHash('sha256').update(request.key).digest('hex')}`;
    const record = this.#recordOf(id, request);
    try {
      return { kind: 'first', record: await this.documents.create(id, record) };
    } catch (error) {
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
    }
    const known = await this.documents.get(id);
    if (known === undefined) throw this.#conflict('was used a moment ago; try again.');
    const { fingerprint, answer } = known.source.details;
    const ageMs = this.clock.nowMs() - Date.parse(known.source.at);
    if (ageMs > API_LIMITS.idempotencyKeyLifetimeMs || (answer === null && ageMs > ABANDONED_AFTER_MS)) {
      return { kind: 'first', record: await this.#takeOver(known, record) };
    }
    if (fingerprint !== record.details.fingerprint) throw this.#conflict('was used for another request.');
    if (answer === null) throw this.#conflict('belongs to a request that is still running.');
    return { kind: 'replay', answer };
  }

  async complete(record: StoredDocument<IdempotencyRecord>, answer: StoredAnswer): Promise<void> {
    const details = { ...record.source.details, answer };
    await this.documents.replace(record, { ...record.source, details });
  }

  /** A request that failed has changed nothing: its key may be used again. */
  async forget(record: StoredDocument<IdempotencyRecord>): Promise<void> {
    await this.documents.delete(record);
  }

  async #takeOver(
    known: StoredDocument<IdempotencyRecord>,
    record: IdempotencyRecord,
  ): Promise<StoredDocument<IdempotencyRecord>> {
    try {
      return await this.documents.replace(known, record);
    } catch (error) {
      if (hasCode(error, 'CONFIG_VERSION_CONFLICT'))
        throw this.#conflict('belongs to a request that is still running.');
      throw error;
    }
  }

  #recordOf(id: string, request: KeyedRequest): IdempotencyRecord {
    const subject = `${request.method} ${request.url}`;
    const fingerprint = createHmac('sha256', request.key)
      .update(`${subject}\n${JSON.stringify(request.body ?? null)}`)
      .digest('hex');
    return {
      schema: 1,
      id,
      at: new Date(this.clock.nowMs()).toISOString(),
      actor: 'api',
      action: 'request.keyed',
      subject,
      requestId: request.requestId,
      details: { fingerprint, answer: null },
    };
  }

  #conflict(what: string): LockstepError {
    return new LockstepError('API_IDEMPOTENCY_CONFLICT', `The Idempotency-Key ${what}`, { retryAfterMs: 1_000 });
  }
}
