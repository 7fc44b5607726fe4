import { Injectable } from '@nestjs/common';
import { ConnectorStore } from '@lockstep/config-store';
import { LockstepError } from '@lockstep/core';
import { type DeadLetter, DeadLetterStore } from '@lockstep/elastic-sink';

const LETTER_ID = /^dl_[0-9a-f]{40}$/;

/** Finds dead letters of one connector: those of another are not its to decide about. */
@Injectable()
export class LetterFinder {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly deadLetters: DeadLetterStore,
  ) {}

  /** @throws LockstepError CONNECTOR_UNKNOWN, DEAD_LETTER_UNKNOWN */
  async find(connectorId: string, letterId: string): Promise<DeadLetter> {
    await this.connectors.get(connectorId);
    const letter = LETTER_ID.test(letterId) ? await this.deadLetters.get(letterId) : null;
    if (letter?.connectorId !== connectorId) throw new LockstepError('DEAD_LETTER_UNKNOWN');
    return letter;
  }
}
