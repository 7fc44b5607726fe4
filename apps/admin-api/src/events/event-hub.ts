import { asLockstepError, type Clock, type LockstepError, systemClock } from '@lockstep/core';
import type { Logger } from '@lockstep/observability';
import type { EventClient } from './event-client.js';
import { EventLog, eventText } from './event-log.js';
import { EMPTY_SNAPSHOT, type LiveSnapshot } from './live-snapshot.js';
import { eventsBetween } from './snapshot-events.js';

export interface EventHubOptions {
  readonly read: () => Promise<LiveSnapshot>;
  readonly logger: Logger;
  /** Pause between two looks at the state, milliseconds. */
  readonly pollIntervalMs: number;
  /** How often an idle stream says that it is alive, milliseconds. */
  readonly heartbeatMs: number;
  /** How long looking goes on after the last listener has gone, so that it can resume, milliseconds. */
  readonly lingerMs: number;
  /** Events kept for resuming. */
  readonly history: number;
  readonly clock?: Clock;
}

/** One look at the state for all listeners, and only while somebody listens. */
export class EventHub {
  readonly #clients = new Set<EventClient>();
  readonly #clock: Clock;
  #log: EventLog | null = null;
  #snapshot: LiveSnapshot = EMPTY_SNAPSHOT;
  #failure: LockstepError | null = null;
  #firstLook: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #lastHeartbeatMs = 0;
  #idleSinceMs: number | null = null;
  #isStopped = false;

  constructor(private readonly options: EventHubOptions) {
    this.#clock = options.clock ?? systemClock;
  }

  /** Begins to look, or makes sure that looking works. @throws LockstepError when the state cannot be read */
  async ready(): Promise<void> {
    this.#idleSinceMs = null;
    this.#firstLook ??= this.#begin();
    await this.#firstLook;
    if (this.#failure !== null) throw this.#failure;
  }

  /** Adds a listener that `ready` was awaited for: what it missed, or everything, then all that comes. */
  add(client: EventClient, lastEventId: string | undefined): void {
    const log = this.#log;
    if (this.#isStopped || log === null) {
      client.end();
      return;
    }
    const missed = lastEventId === undefined ? null : log.after(lastEventId);
    if (missed === null) {
      client.send(eventText('reset', { reason: lastEventId === undefined ? 'connected' : 'unknown_last_event_id' }));
      for (const event of eventsBetween(EMPTY_SNAPSHOT, this.#snapshot)) {
        if (client.wants(event)) client.send(eventText(event.type, event.data));
      }
      // Only a whole snapshot may be resumed from, so the id comes last; without data it is no event.
      client.send(`id: ${log.headId}\n\n`);
    } else {
      client.send(': resumed\n\n');
      for (const { event, text } of missed) if (client.wants(event)) client.send(text);
    }
    this.#clients.add(client);
  }

  remove(client: EventClient): void {
    this.#clients.delete(client);
  }

  /** Ends every stream. */
  stop(): void {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  async #begin(): Promise<void> {
    this.#log = new EventLog(this.#clock.nowMs(), this.options.history);
    this.#snapshot = EMPTY_SNAPSHOT;
    this.#lastHeartbeatMs = this.#clock.monotonicMs();
    try {
      this.#snapshot = await this.options.read();
    } catch (error) {
      // The next listener begins anew.
      this.#firstLook = null;
      throw error;
    }
    this.#failure = null;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      void this.#turn();
    }, this.options.pollIntervalMs);
  }

  async #turn(): Promise<void> {
    this.#dropClosed();
    if (this.#mayRest()) {
      this.#firstLook = null;
      this.#log = null;
      this.#snapshot = EMPTY_SNAPSHOT;
      return;
    }
    try {
      this.#tell(await this.options.read());
      if (this.#failure !== null) this.options.logger.info({ event: 'events.recovered' }, 'live state is read again');
      this.#failure = null;
      this.#beat();
    } catch (error) {
      // No heartbeat while the state cannot be read: silence is what shows that the picture is old.
      const failure = asLockstepError(error);
      if (this.#failure === null) {
        this.options.logger.warn({ event: 'events.failing', errCode: failure.code }, 'live state cannot be read');
      }
      this.#failure = failure;
    }
    this.#schedule();
  }

  #tell(snapshot: LiveSnapshot): void {
    const log = this.#log;
    if (log === null) return;
    for (const event of eventsBetween(this.#snapshot, snapshot)) {
      const { text } = log.append(event);
      for (const client of this.#clients) if (client.wants(event)) client.send(text);
    }
    this.#snapshot = snapshot;
  }

  #beat(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#lastHeartbeatMs < this.options.heartbeatMs) return;
    this.#lastHeartbeatMs = nowMs;
    for (const client of this.#clients) client.send(': heartbeat\n\n');
  }

  #dropClosed(): void {
    for (const client of this.#clients) {
      client.dropIfBehind();
      if (!client.isOpen) this.#clients.delete(client);
    }
  }

  #mayRest(): boolean {
    if (this.#clients.size > 0) {
      this.#idleSinceMs = null;
      return false;
    }
    const nowMs = this.#clock.monotonicMs();
    this.#idleSinceMs ??= nowMs;
    return nowMs - this.#idleSinceMs >= this.options.lingerMs;
  }
}
