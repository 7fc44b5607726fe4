import type { ApiClient } from '../api/api-client.js';
import { asProblem } from '../api/problem.js';
import { ABANDON_AFTER_MS, reconnectDelayMs, type StreamStatus } from './freshness.js';
import { readLiveEvent, type LiveEvent } from './live-event.js';
import { SseParser, type SseMessage } from './sse-parser.js';

export interface LiveStreamOptions {
  readonly api: ApiClient;
  readonly onEvents: (events: readonly LiveEvent[]) => void;
  readonly onStatus: (status: StreamStatus) => void;
}

/**
 * Reads the API's event stream for ever, reconnecting with backoff. It uses `fetch`, because the browser's
 * EventSource cannot send the token.
 */
export class LiveStream {
  private readonly options: LiveStreamOptions;
  private status: StreamStatus = { phase: 'connecting', lastByteAtMs: null, failures: 0 };
  private lastEventId: string | null = null;
  private wake: (() => void) | null = null;

  constructor(options: LiveStreamOptions) {
    this.options = options;
  }

  /** Runs until the signal is aborted. */
  async start(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let retryMs: number | null = null;
      try {
        this.tell({ phase: 'connecting' });
        retryMs = await this.readOnce(signal);
        this.tell({ phase: 'waiting' });
      } catch (error) {
        const isDenied = asProblem(error).status === 401;
        this.tell({ phase: isDenied ? 'denied' : 'waiting', failures: this.status.failures + 1 });
      }
      await this.pause(retryMs, signal);
    }
  }

  /** Connects again at once, for example after a new token. */
  reconnectNow(): void {
    this.wake?.();
  }

  private async readOnce(signal: AbortSignal): Promise<number | null> {
    const attempt = new AbortController();
    const abort = (): void => attempt.abort();
    signal.addEventListener('abort', abort, { once: true });
    const watchdog = new Watchdog(ABANDON_AFTER_MS, abort);
    try {
      const headers: Record<string, string> = { accept: 'text/event-stream' };
      if (this.lastEventId !== null) headers['last-event-id'] = this.lastEventId;
      const response = await this.options.api.fetch('api/v1/events', { headers, signal: attempt.signal });
      if (response.body === null) return null;
      const parser = new SseParser(this.lastEventId);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
        watchdog.reset();
        this.tell({ phase: 'open', lastByteAtMs: Date.now(), failures: 0 });
        this.deliver(parser.push(piece.value));
        this.lastEventId = parser.lastEventId;
      }
      return parser.retryMs;
    } finally {
      watchdog.stop();
      signal.removeEventListener('abort', abort);
    }
  }

  private deliver(messages: readonly SseMessage[]): void {
    const events: LiveEvent[] = [];
    for (const message of messages) {
      const event = readLiveEvent(message);
      if (event !== null) events.push(event);
    }
    if (events.length > 0) this.options.onEvents(events);
  }

  private tell(change: Partial<StreamStatus>): void {
    this.status = { ...this.status, ...change };
    this.options.onStatus(this.status);
  }

  private async pause(retryMs: number | null, signal: AbortSignal): Promise<void> {
    // Without a token every further attempt is refused: a new one wakes us.
    if (this.status.phase === 'denied') {
      await this.woken(null, signal);
      return;
    }
    const delayMs = Math.max(retryMs ?? 0, reconnectDelayMs(this.status.failures, Math.random()));
    await this.woken(delayMs, signal);
  }

  /** Resolves after the delay, when there is one, on `reconnectNow`, and on abort. */
  private async woken(delayMs: number | null, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = delayMs === null ? undefined : setTimeout(resolve, delayMs);
      const end = (): void => {
        clearTimeout(timer);
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
      this.wake = end;
    });
    this.wake = null;
  }
}

/** Calls `onSilence` once when it was not reset for `silenceMs`. */
class Watchdog {
  private readonly silenceMs: number;
  private readonly onSilence: () => void;
  private timer: ReturnType<typeof setTimeout>;

  constructor(silenceMs: number, onSilence: () => void) {
    this.silenceMs = silenceMs;
    this.onSilence = onSilence;
    this.timer = setTimeout(onSilence, silenceMs);
  }

  reset(): void {
    this.stop();
    this.timer = setTimeout(this.onSilence, this.silenceMs);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
