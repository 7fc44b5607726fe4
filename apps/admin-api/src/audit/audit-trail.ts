import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '@lockstep/core';
import type { DocumentStore, StoredDocument } from '@lockstep/elastic';

/** What an operator did; never a secret. */
export interface AuditEntry {
  /** `connector.positionSet`, … */
  readonly action: string;
  /** What it was done to: the path of its resource. */
  readonly subject: string;
  readonly connectorId: string;
  readonly requestId: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An entry as the audit index keeps it. */
export interface AuditRecord extends AuditEntry {
  readonly schema: 1;
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly actor: 'api';
}

/** Keeps who changed what by hand. */
export class AuditTrail {
  constructor(
    private readonly documents: DocumentStore<AuditRecord>,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Records what is about to be done: nothing is done that is not recorded. */
  record(entry: AuditEntry): Promise<StoredDocument<AuditRecord>> {
    const id = `aud_${randomUUID().replaceAll('-', '')}`;
    const at = new Date(this.clock.nowMs()).toISOString();
    return this.documents.create(id, { schema: 1, id, at, actor: 'api', ...entry });
  }

  /** It was not done after all. */
  async withdraw(record: StoredDocument<AuditRecord>): Promise<void> {
    await this.documents.delete(record);
  }
}
