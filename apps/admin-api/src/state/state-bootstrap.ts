import { setTimeout as delay } from 'node:timers/promises';
import { asLockstepError, backoffDelayMs, LockstepError } from '@lockstep/core';
import { bootstrapStateIndices, type ElasticClient } from '@lockstep/elastic';
import type { Logger } from '@lockstep/observability';

const BACKOFF = { baseMs: 500, maxMs: 5_000 };

/** Makes the state indices in the background, for as long as it takes; until then requests are refused. */
export class StateBootstrap {
  #installationId: string | null = null;
  #lastError: LockstepError | null = null;
  readonly #abort = new AbortController();
  #run: Promise<void> | null = null;

  constructor(
    private readonly client: ElasticClient,
    private readonly prefix: string,
    private readonly logger: Logger,
  ) {}

  get isReady(): boolean {
    return this.#installationId !== null;
  }

  /** @throws LockstepError API_UNAVAILABLE while the indices are not there, or the reason why they cannot be */
  installationId(): string {
    if (this.#installationId !== null) return this.#installationId;
    const reason = this.#lastError;
    if (reason !== null) throw reason;
    throw new LockstepError('API_UNAVAILABLE', 'The state indices are being prepared.');
  }

  start(): void {
    this.#run ??= this.#attemptUntilDone();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#run;
  }

  async #attemptUntilDone(): Promise<void> {
    for (let attempt = 1; !this.#abort.signal.aborted; attempt += 1) {
      try {
        const { installationId } = await bootstrapStateIndices(this.client, this.prefix, this.#abort.signal);
        this.#installationId = installationId;
        this.#lastError = null;
        this.logger.info({ event: 'state.ready', installationId }, 'state indices are ready');
        return;
      } catch (error) {
        if (this.#abort.signal.aborted) return;
        this.#note(asLockstepError(error));
        await delay(backoffDelayMs(attempt, BACKOFF), undefined, { signal: this.#abort.signal }).catch(() => undefined);
      }
    }
  }

  #note(error: LockstepError): void {
    if (this.#lastError?.code !== error.code) {
      this.logger.warn({ event: 'state.waiting', errCode: error.code }, error.message);
    }
    this.#lastError = error;
  }
}
