import { batch, computed, signal } from '@preact/signals';
import { ApiClient } from '../api/api-client.js';
import { asProblem } from '../api/problem.js';
import { TokenStore } from '../api/token-store.js';
import type { Page } from '../api/views.js';
import { freshnessOf, type StreamStatus } from '../live/freshness.js';
import type { EntryKind, LiveEvent } from '../live/live-event.js';
import { INITIAL_LIVE_STATE, reduceLive, type Identified, type LiveAction } from '../live/live-state.js';
import { LiveStream } from '../live/live-stream.js';
import { appendSample, EMPTY_SERIES } from '../live/series.js';
import { readingsOf } from './readings.js';
import { Toasts } from './toasts.js';

const LISTS: Readonly<Record<EntryKind, string>> = {
  connectors: 'api/v1/connectors?pageSize=200',
  jobs: 'api/v1/jobs?pageSize=100',
  workers: 'api/v1/workers',
};
const KINDS = Object.keys(LISTS) as readonly EntryKind[];
/** The lists are read again this often, so that a missed event heals itself, milliseconds. */
const RELOAD_EVERY_MS = 30_000;
const TICK_MS = 1_000;

/** What the page knows, and how it comes to know it. Components read its signals. */
export class ConsoleStore {
  readonly tokens: TokenStore;
  readonly api: ApiClient;
  readonly toasts = new Toasts();
  readonly live = signal(INITIAL_LIVE_STATE);
  readonly series = signal(EMPTY_SERIES);
  /** Wall clock, moved once a second, milliseconds since the epoch. */
  readonly nowMs = signal(Date.now());
  readonly stream = signal<StreamStatus>({ phase: 'connecting', lastByteAtMs: null, failures: 0 });
  readonly freshness = computed(() => freshnessOf(this.stream.value, this.nowMs.value));
  /** The API answered 401: nothing goes on without a token. */
  readonly needsToken = signal(false);
  private readonly liveStream: LiveStream;

  constructor(baseUrl: string, storage: Storage) {
    this.tokens = new TokenStore(storage);
    this.api = new ApiClient({
      baseUrl,
      tokens: this.tokens,
      onUnauthenticated: () => {
        this.needsToken.value = true;
      },
    });
    this.liveStream = new LiveStream({
      api: this.api,
      onEvents: (events) => this.receive(events),
      onStatus: (status) => {
        this.stream.value = status;
      },
    });
  }

  /** Loads the lists, follows the stream and moves the clock until the signal is aborted. */
  async start(signal: AbortSignal): Promise<void> {
    const stopListening = this.tokens.onChange(() => {
      this.needsToken.value = false;
      this.liveStream.reconnectNow();
      void this.reload();
    });
    const clock = setInterval(() => this.tick(), TICK_MS);
    const reloads = setInterval(() => {
      if (!this.needsToken.value && !document.hidden) void this.reload();
    }, RELOAD_EVERY_MS);
    signal.addEventListener('abort', () => {
      stopListening();
      clearInterval(clock);
      clearInterval(reloads);
    });
    await Promise.all([this.reload(), this.liveStream.start(signal)]);
  }

  /** Reads all lists, or some, from the API. Never throws: a failure becomes the state of its list. */
  async reload(kinds: readonly EntryKind[] = KINDS): Promise<void> {
    await Promise.all(kinds.map((kind) => this.load(kind)));
  }

  /** Asks for a connection now instead of after the backoff, and for the lists. */
  retryNow(): void {
    this.liveStream.reconnectNow();
    void this.reload();
  }

  /** Takes a value that the API has just answered with, before the stream tells it. */
  receive(events: readonly LiveEvent[]): void {
    this.dispatch({ type: 'events', events, nowMs: Date.now() });
    if (events.some((event) => event.type === 'reset')) void this.reload();
  }

  private async load(kind: EntryKind): Promise<void> {
    const requestedAtMs = Date.now();
    try {
      const page = await this.api.json<Page<Identified>>(LISTS[kind]);
      this.dispatch({ type: 'loaded', kind, items: page.items, requestedAtMs, nowMs: Date.now() });
    } catch (error) {
      this.dispatch({ type: 'loadFailed', kind, problem: asProblem(error) });
    }
  }

  private dispatch(action: LiveAction): void {
    this.live.value = reduceLive(this.live.value, action);
  }

  private tick(): void {
    batch(() => {
      this.nowMs.value = Date.now();
      if (this.needsToken.value) return;
      const readings = readingsOf(this.live.value, this.freshness.value === 'live');
      this.series.value = appendSample(this.series.value, Math.round(this.nowMs.value / 1000), readings);
    });
  }
}
