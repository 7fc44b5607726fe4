import { Agent, createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { splitBulkBody, type BulkItem } from './bulk-body.js';

/** How a request or an item of a `_bulk` is refused: as Elasticsearch would. */
export interface Refusal {
  /** HTTP status, such as 429 or 503. */
  readonly status: number;
  /** Elasticsearch's `error.type`, such as `es_rejected_execution_exception`. */
  readonly type: string;
  readonly reason?: string;
}

/** A request as it came in. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
}

/** The request is delivered; its answer waits. */
export interface Slowness {
  /** Milliseconds. */
  readonly answerAfterMs: number;
}

/** The request is on its way: it is delivered when the promise is fulfilled. */
export interface Detour {
  readonly deliverAfter: Promise<unknown>;
}

/**
 * What to do with a whole request. `dropAnswer` delivers it, then breaks the connection instead of answering;
 * `swallowAnswer` delivers it and never answers.
 */
export type RequestDecision = Refusal | Slowness | Detour | 'dropAnswer' | 'swallowAnswer' | undefined;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * Stands before an Elasticsearch without TLS, and refuses chosen requests or chosen items of `_bulk` requests. Refused
 * items never reach the server; the others do, with their bytes untouched. Answers of a request with refused items are
 * rewritten, so numbers beyond 2^53 in them are rounded.
 */
export class ElasticsearchFaultProxy implements AsyncDisposable {
  readonly url: string;
  /** Requests that came in, oldest first. */
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #agent = new Agent({ keepAlive: true });
  readonly #target: URL;
  readonly #stopping = new AbortController();
  #decideRequest: (seen: SeenRequest) => RequestDecision = () => undefined;
  #decideItem: (item: BulkItem) => Refusal | undefined = () => undefined;

  private constructor(server: Server, target: URL) {
    this.#server = server;
    this.#target = target;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(elasticsearchUrl: string): Promise<ElasticsearchFaultProxy> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const proxy = new ElasticsearchFaultProxy(server, new URL(elasticsearchUrl));
    server.on('request', (incoming, outgoing) => {
      proxy.#handle(incoming, outgoing).catch(() => incoming.socket.resetAndDestroy());
    });
    return proxy;
  }

  /** From now on decides each request; undefined passes it on. */
  refuseRequests(decide: (seen: SeenRequest) => RequestDecision): void {
    this.#decideRequest = decide;
  }

  /** From now on decides each item of `_bulk` requests; undefined passes it on. */
  refuseBulkItems(decide: (item: BulkItem) => Refusal | undefined): void {
    this.#decideItem = decide;
  }

  heal(): void {
    this.#decideRequest = () => undefined;
    this.#decideItem = () => undefined;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#agent.destroy();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const seen: SeenRequest = { method: incoming.method ?? 'GET', path: incoming.url ?? '/' };
    this.requests.push(seen);
    const body = await collect(incoming);
    const decision = this.#decideRequest(seen);
    if (typeof decision === 'object' && 'status' in decision) {
      send(outgoing, refusedRequest(decision));
      return;
    }
    if (typeof decision === 'object' && 'deliverAfter' in decision) await decision.deliverAfter;
    const isBulk = /\/_bulk(\?|$)/.test(seen.path);
    const answer = isBulk ? await this.#bulk(incoming, body) : await this.#forward(incoming, body);
    if (decision === 'swallowAnswer') return;
    if (decision === 'dropAnswer') {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (typeof decision === 'object' && 'answerAfterMs' in decision) {
      await delay(decision.answerAfterMs, undefined, { signal: this.#stopping.signal });
    }
    send(outgoing, answer);
  }

  async #bulk(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const items = splitBulkBody(body);
    const refusals = items.map((item) => this.#decideItem(item));
    if (refusals.every((refusal) => refusal === undefined)) return this.#forward(incoming, body);
    const passed = items.filter((_item, position) => refusals[position] === undefined).map((item) => item.raw);
    const answer = passed.length === 0 ? emptyBulkAnswer() : await this.#forward(incoming, Buffer.concat(passed));
    return answer.status === 200 ? mergeBulkAnswer(answer, items, refusals) : answer;
  }

  #forward(incoming: IncomingMessage, body: Buffer): Promise<Answer> {
    const headers = { ...incoming.headers, host: this.#target.host, 'content-length': String(body.length) };
    delete (headers as Record<string, unknown>)['transfer-encoding'];
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          agent: this.#agent,
          host: this.#target.hostname,
          port: this.#target.port,
          method: incoming.method,
          path: incoming.url,
          headers,
        },
        (response) => {
          collect(response).then((answerBody) => {
            resolve({ status: response.statusCode ?? 502, headers: response.headers, body: answerBody });
          }, reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function send(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const kept = { ...headers, 'content-length': String(body.length) };
  delete (kept as Record<string, unknown>)['transfer-encoding'];
  outgoing.writeHead(status, kept);
  outgoing.end(outgoing.req.method === 'HEAD' ? undefined : body);
}

const HEADERS = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };

function refusedRequest({ status, type, reason = 'refused by the fault proxy' }: Refusal): Answer {
  const error = { root_cause: [{ type, reason }], type, reason };
  return { status, headers: HEADERS, body: Buffer.from(JSON.stringify({ error, status })) };
}

function emptyBulkAnswer(): Answer {
  return { status: 200, headers: HEADERS, body: Buffer.from('{"took":0,"errors":false,"items":[]}') };
}

/** Puts the refused items back into their places among those that the server answered. */
function mergeBulkAnswer(
  answer: Answer,
  items: readonly BulkItem[],
  refusals: readonly (Refusal | undefined)[],
): Answer {
  const parsed = JSON.parse(answer.body.toString('utf8')) as { items?: unknown[] };
  const answered = [...(parsed.items ?? [])];
  const merged = items.map((item, position) => {
    const refusal = refusals[position];
    if (refusal === undefined) return answered.shift();
    const { status, type, reason = 'refused by the fault proxy' } = refusal;
    return { [item.operation]: { _index: item.index, _id: item.id, status, error: { type, reason } } };
  });
  return { ...answer, body: Buffer.from(JSON.stringify({ ...parsed, errors: true, items: merged })) };
}
