import { type IncomingMessage, request } from 'node:http';
import { eventually } from '@lockstep/testing';

export interface ReceivedEvent {
  readonly id: string | null;
  readonly event: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into events of every shape
  readonly data: any;
}

/** A listener as a browser is one. */
export class EventStream {
  readonly events: ReceivedEvent[] = [];
  readonly comments: string[] = [];
  status = 0;
  lastId: string | null = null;
  isClosed = false;
  #text = '';

  private constructor(private readonly response: IncomingMessage) {
    this.status = response.statusCode ?? 0;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.#take(chunk);
    });
    response.on('close', () => (this.isClosed = true));
    response.on('error', () => (this.isClosed = true));
  }

  static open(url: string, headers: Record<string, string> = {}): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const sent = request(url, { headers, agent: false }, (response) => {
        resolve(new EventStream(response));
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  get headers(): IncomingMessage['headers'] {
    return this.response.headers;
  }

  waitFor(matches: (event: ReceivedEvent) => boolean, what = 'an event'): Promise<ReceivedEvent> {
    return eventually(() => this.events.find(matches), { timeoutMs: 20_000, what });
  }

  /** Stops reading, as a client does that cannot keep up. */
  stall(): void {
    this.response.pause();
  }

  resume(): void {
    this.response.resume();
  }

  close(): void {
    this.response.destroy();
  }

  #take(chunk: string): void {
    this.#text += chunk;
    for (let end = this.#text.indexOf('\n\n'); end >= 0; end = this.#text.indexOf('\n\n')) {
      this.#block(this.#text.slice(0, end));
      this.#text = this.#text.slice(end + 2);
    }
  }

  #block(block: string): void {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments.push(line.slice(1).trim());
      else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2));
    }
    this.lastId = fields.get('id') ?? this.lastId;
    const data = fields.get('data');
    if (data === undefined) return;
    this.events.push({ id: fields.get('id') ?? null, event: fields.get('event') ?? 'message', data: JSON.parse(data) });
  }
}
