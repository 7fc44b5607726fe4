import { classifyElasticError, type ElasticClient } from '@lockstep/elastic';
import type { StateBootstrap } from '../state/state-bootstrap.js';

interface IndexMark {
  readonly installationId?: unknown;
  readonly connectorId?: unknown;
}

/** The indices of the state cluster that carry the mark of this installation and of one connector. */
export class OwnedIndices {
  constructor(
    private readonly client: ElasticClient,
    private readonly bootstrap: Pick<StateBootstrap, 'installationId'>,
  ) {}

  /** Deletes them by their concrete names; one that is gone already is fine. */
  async deleteOf(connectorId: string): Promise<readonly string[]> {
    const names = await this.namesOf(connectorId);
    try {
      for (const index of names) await this.client.indices.delete({ index, ignore_unavailable: true });
    } catch (error) {
      throw classifyElasticError(error);
    }
    return names;
  }

  async namesOf(connectorId: string): Promise<readonly string[]> {
    const installationId = this.bootstrap.installationId();
    try {
      const found = await this.client.indices.getMapping({
        index: '*',
        expand_wildcards: ['open', 'closed'],
        filter_path: '*.mappings._meta.lockstep',
      });
      return Object.entries(found)
        .filter(([, { mappings }]) => {
          const mark = (mappings._meta as { lockstep?: IndexMark } | undefined)?.lockstep;
          return mark?.installationId === installationId && mark.connectorId === connectorId;
        })
        .map(([index]) => index)
        .sort();
    } catch (error) {
      throw classifyElasticError(error);
    }
  }
}
