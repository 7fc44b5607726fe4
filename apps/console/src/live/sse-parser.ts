/** One message of a server-sent event stream. */
export interface SseMessage {
  /** Event type; `message` when the server named none. */
  readonly event: string;
  readonly data: string;
  /** Last event id in force when the message was sent; null before the first. */
  readonly id: string | null;
}

/**
 * Takes the text of an event stream in pieces of any size and gives the messages that are complete,
 * as the WHATWG HTML standard says (§ 9.2.6). Comments are skipped: they only prove that the stream lives.
 */
export class SseParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private lastId: string | null;
  private retry: number | null = null;
  private isStart = true;

  /** @param lastId the last event id of an earlier stream, which this one resumes */
  constructor(lastId: string | null = null) {
    this.lastId = lastId;
  }

  /** The last event id in force: what a reconnect resumes from. An id can come without a message. */
  get lastEventId(): string | null {
    return this.lastId;
  }

  /** Delay that the server asks for before a reconnect, milliseconds; null when it asked for none. */
  get retryMs(): number | null {
    return this.retry;
  }

  push(text: string): readonly SseMessage[] {
    let input = this.rest + text;
    if (this.isStart && input !== '') {
      if (input.startsWith('\ufeff')) input = input.slice(1);
      this.isStart = false;
    }
    // A carriage return at the very end may be the first half of a line end: it waits for the next piece.
    const held = input.endsWith('\r') ? 1 : 0;
    const lines = input.slice(0, input.length - held).split(/\r\n|\r|\n/);
    this.rest = (lines.pop() ?? '') + input.slice(input.length - held);
    const messages: SseMessage[] = [];
    for (const line of lines) {
      if (line === '') this.dispatch(messages);
      else this.field(line);
    }
    return messages;
  }

  private dispatch(messages: SseMessage[]): void {
    if (this.data.length > 0) {
      messages.push({ event: this.event === '' ? 'message' : this.event, data: this.data.join('\n'), id: this.lastId });
    }
    this.event = '';
    this.data = [];
  }

  private field(line: string): void {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.event = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.lastId = value;
    else if (name === 'retry' && /^\d+$/.test(value)) this.retry = Number(value);
  }
}
