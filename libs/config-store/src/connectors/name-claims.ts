import { hasCode, LockstepError, sleep, type Clock } from '@lockstep/core';
import { DocumentStore, type StoredDocument } from '@lockstep/elastic';
import { nameKey, type ConnectorDocument, type NameClaim } from './connector-document.js';

/** How long a claim without its connector is watched before it counts as left over from a crash. */
const WATCH_MS = 3_000;
const WATCH_STEP_MS = 150;

/**
 * Unique connector names. A name is claimed by creating a document whose id is the name; Elasticsearch lets one
 * creation win. A claim whose connector does not exist (the process died in between) is taken over by compare-and-set
 * after it was watched for a while on our own clock; `holds` then tells the slower of two that it lost.
 */
export class NameClaims {
  constructor(
    private readonly claims: DocumentStore<NameClaim>,
    private readonly connectors: DocumentStore<ConnectorDocument>,
    private readonly clock: Clock,
  ) {}

  /** @throws LockstepError CONNECTOR_NAME_TAKEN */
  async claim(name: string, connectorId: string): Promise<void> {
    const createdAt = new Date(this.clock.nowMs()).toISOString();
    const claim: NameClaim = { schema: 1, kind: 'name', name, connectorId, createdAt };
    try {
      await this.claims.create(nameKey(name), claim);
    } catch (error) {
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
      await this.takeOver(claim);
    }
  }

  async holds(name: string, connectorId: string): Promise<boolean> {
    return (await this.claims.get(nameKey(name)))?.source.connectorId === connectorId;
  }

  /** Gives a name back; nothing happens when somebody else has it. */
  async release(name: string, connectorId: string): Promise<void> {
    const claim = await this.claims.get(nameKey(name));
    if (claim?.source.connectorId !== connectorId) return;
    try {
      await this.claims.delete(claim);
    } catch (error) {
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
    }
  }

  private async takeOver(claim: NameClaim): Promise<void> {
    const taken = new LockstepError('CONNECTOR_NAME_TAKEN');
    const first = await this.claims.get(nameKey(claim.name));
    if (first?.source.connectorId === claim.connectorId) return;
    const deadlineMs = this.clock.monotonicMs() + WATCH_MS;
    while (first !== undefined && this.clock.monotonicMs() < deadlineMs) {
      if (await this.isInUse(first)) throw taken;
      const now = await this.claims.get(nameKey(claim.name));
      if (now?.seqNo !== first.seqNo) break;
      await sleep(WATCH_STEP_MS);
    }
    const last = await this.claims.get(nameKey(claim.name));
    try {
      if (last === undefined) await this.claims.create(nameKey(claim.name), claim);
      else if (last.seqNo === first?.seqNo && !(await this.isInUse(last))) await this.claims.replace(last, claim);
      else throw taken;
    } catch (error) {
      throw hasCode(error, 'CONFIG_VERSION_CONFLICT') ? taken : error;
    }
    // The holder may have come back to life between the look and the write: the elder keeps the name.
    if (last !== undefined && (await this.isInUse(last))) {
      await this.claims.put(nameKey(claim.name), last.source);
      throw taken;
    }
  }

  private async isInUse(claim: StoredDocument<NameClaim>): Promise<boolean> {
    const connector = await this.connectors.get(claim.source.connectorId);
    return connector !== undefined && nameKey(connector.source.name) === claim.id;
  }
}
