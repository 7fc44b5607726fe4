import { hasCode } from '@lockstep/core';
import type { DocumentStore, StoredDocument } from '@lockstep/elastic';
import type { HeartbeatDocument } from './heartbeat-document.js';

/** `superseded`: another process has taken this worker's id; it is not ours to beat any more. */
export type BeatOutcome = 'acknowledged' | 'superseded';

/**
 * Writes the heartbeat document by compare-and-set. A plain write would let a request that hung for a
 * minute put an old incarnation back, and others would take a living worker for gone.
 */
export class BeatWriter {
  private current: StoredDocument<HeartbeatDocument> | undefined;
  /** True when what is stored may differ from `current`. */
  private isDoubtful = true;
  private hasBeaten = false;
  private readonly ownIncarnations = new Set<string>();

  constructor(
    private readonly documents: Pick<DocumentStore<HeartbeatDocument>, 'get' | 'create' | 'replace' | 'delete'>,
    private readonly workerId: string,
  ) {}

  /** @throws the coded errors of Elasticsearch; CONFIG_VERSION_CONFLICT when somebody else keeps writing. */
  async write(beat: HeartbeatDocument): Promise<BeatOutcome> {
    this.ownIncarnations.add(beat.incarnation);
    try {
      return await this.attempt(beat);
    } catch (error) {
      if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
      return await this.attempt(beat);
    }
  }

  /** Removes the document if it is still ours. */
  async remove(): Promise<void> {
    if (this.isDoubtful) await this.read();
    if (this.current === undefined || !this.ownIncarnations.has(this.current.source.incarnation)) return;
    await this.documents.delete(this.current);
    this.current = undefined;
  }

  private async attempt(beat: HeartbeatDocument): Promise<BeatOutcome> {
    if (this.isDoubtful) await this.read();
    const { current } = this;
    // Before our first beat it is what a former process of the same id left behind.
    if (this.hasBeaten && current !== undefined && !this.ownIncarnations.has(current.source.incarnation)) {
      return 'superseded';
    }
    this.isDoubtful = true;
    this.current =
      current === undefined
        ? await this.documents.create(this.workerId, beat)
        : await this.documents.replace(current, beat);
    this.isDoubtful = false;
    this.hasBeaten = true;
    return 'acknowledged';
  }

  private async read(): Promise<void> {
    this.current = await this.documents.get(this.workerId);
    this.isDoubtful = false;
  }
}
