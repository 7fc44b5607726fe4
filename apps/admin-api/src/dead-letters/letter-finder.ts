import { Injectable } from '@nestjs/common';
import { ConnectorStore } from '@lockstep/config-store';
import { LockstepError } from '@lockstep/core';
import { type DeadLetter, type DeadLetterFilter, DeadLetterStore } from '@lockstep/elastic-sink';
import { GenerationStore, restingGenerations } from '@lockstep/jobs';
import type { DeadLetterFilterDto } from './dead-letters.dto.js';
import { filterOf } from './letter-filter.js';

const LETTER_ID = /^dl_[0-9a-f]{40}$/;

/** Finds dead letters of one connector: those of another are not its to decide about. */
@Injectable()
export class LetterFinder {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly generations: GenerationStore,
    private readonly deadLetters: DeadLetterStore,
  ) {}

  /**
   * What a request means: those of retired generations only count again when one of them returns.
   * @throws LockstepError CONNECTOR_UNKNOWN, API_REQUEST_INVALID
   */
  async scope(connectorId: string, query: DeadLetterFilterDto): Promise<DeadLetterFilter> {
    const filter = filterOf(connectorId, query);
    await this.connectors.get(connectorId);
    return { ...filter, exceptGenerations: restingGenerations(await this.generations.get(connectorId)) };
  }

  /** @throws LockstepError CONNECTOR_UNKNOWN, DEAD_LETTER_UNKNOWN */
  async find(connectorId: string, letterId: string): Promise<DeadLetter> {
    await this.connectors.get(connectorId);
    const letter = LETTER_ID.test(letterId) ? await this.deadLetters.get(letterId) : null;
    if (letter?.connectorId !== connectorId) throw new LockstepError('DEAD_LETTER_UNKNOWN');
    return letter;
  }
}
