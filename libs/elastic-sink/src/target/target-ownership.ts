import type { SinkConfig } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { TargetMark } from './target-mark.js';

export interface TargetOwnershipOptions {
  readonly connectorId: string;
  readonly installationId: string;
  readonly config: Pick<SinkConfig, 'adopt'>;
  /** The name of a connector of this installation; null when there is none with this id. */
  readonly connectorName: (connectorId: string) => Promise<string | null>;
}

/** Whose an index is, by its mark, and what a connector may take over. */
export class TargetOwnership {
  constructor(private readonly options: TargetOwnershipOptions) {}

  isOurs(mark: TargetMark | null): boolean {
    return this.isOfInstallation(mark) && mark.connectorId === this.options.connectorId;
  }

  /** A connector that is no more has left it, and ours may take over. */
  async isLeftBehind(mark: TargetMark | null): Promise<boolean> {
    if (!this.options.config.adopt || !this.isOfInstallation(mark) || this.isOurs(mark)) return false;
    return (await this.ownerOf(mark)) === null;
  }

  /**
   * Two connectors that write to one index would both take it for theirs: one that exists keeps its own.
   * @throws LockstepError SINK_TARGET_FOREIGN
   */
  async checkAdoptable(name: string, mark: TargetMark | null): Promise<void> {
    if (this.options.config.adopt && (await this.ownerOf(mark)) === null) return;
    throw await this.foreign(name, mark);
  }

  /** The error that says whose it is, as far as it is known. */
  async foreign(name: string, mark: TargetMark | null = null): Promise<LockstepError> {
    const owner = await this.ownerOf(mark);
    const whose = owner === null ? 'does not belong to this connector' : `belongs to the connector ${owner}`;
    return new LockstepError('SINK_TARGET_FOREIGN', `${name} exists and ${whose}`);
  }

  /** Another connector that exists; of other installations nobody can tell. */
  private async ownerOf(mark: TargetMark | null): Promise<string | null> {
    if (!this.isOfInstallation(mark) || this.isOurs(mark)) return null;
    return this.options.connectorName(mark.connectorId);
  }

  private isOfInstallation(mark: TargetMark | null): mark is TargetMark {
    return mark?.installationId === this.options.installationId;
  }
}
