/** An event as it goes to clients. */
export interface LiveEvent {
  readonly type: 'connector' | 'job' | 'worker' | 'change' | 'lag';
  /** Connector that it speaks about; null for workers, which concern all. */
  readonly connectorId: string | null;
  readonly data: object;
}

export interface LoggedEvent {
  readonly sequence: number;
  readonly event: LiveEvent;
  /** As it is sent, with its id. */
  readonly text: string;
}

const SEQUENCE_DIGITS = 9;

/** One server-sent event as text. Data is one line: JSON escapes line breaks. */
export function eventText(type: string, data: object, id?: string): string {
  return `${id === undefined ? '' : `id: ${id}\n`}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/**
 * The latest events under growing ids. An id is the start of this log in milliseconds and a counter, so
 * ids also grow from one process to the next, and those of another log are told from our own.
 */
export class EventLog {
  #sequence = 0;
  #events: LoggedEvent[] = [];

  constructor(
    private readonly epochMs: number,
    private readonly capacity: number,
  ) {}

  /** The id of the newest event; of nothing yet: the place before the first. */
  get headId(): string {
    return this.#idOf(this.#sequence);
  }

  append(event: LiveEvent): LoggedEvent {
    this.#sequence += 1;
    const text = eventText(event.type, event.data, this.#idOf(this.#sequence));
    const logged = { sequence: this.#sequence, event, text };
    this.#events.push(logged);
    if (this.#events.length > this.capacity) this.#events.splice(0, this.#events.length - this.capacity);
    return logged;
  }

  /** The events after the given id; null when the id is not ours, or too old to tell what was missed. */
  after(id: string): readonly LoggedEvent[] | null {
    const epoch = String(this.epochMs);
    const digits = id.slice(epoch.length);
    if (!id.startsWith(epoch) || digits.length !== SEQUENCE_DIGITS || !/^\d+$/.test(digits)) return null;
    const sequence = Number(digits);
    const first = this.#events[0]?.sequence ?? this.#sequence + 1;
    if (sequence > this.#sequence || sequence < first - 1) return null;
    return this.#events.slice(sequence - first + 1);
  }

  #idOf(sequence: number): string {
    return `${String(this.epochMs)}${String(sequence).padStart(SEQUENCE_DIGITS, '0')}`;
  }
}
