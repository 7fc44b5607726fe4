import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does with one request. */
export type Fault =
  /** Answers by itself; the server never sees the request. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Record<string, string>;
    }
  /** The server carries the request out, then the connection is reset without an answer. */
  | { readonly kind: 'resetAfterDelivery' }
  /** The connection is reset before the server sees anything. */
  | { readonly kind: 'resetBefore' }
  /** The answer ends after so many bytes, with a length that says so (as a broken proxy would). */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** The named items are not delivered, and their place in the answer says this. */
  | { readonly kind: 'failItems'; readonly ids: readonly string[]; readonly status: number; readonly type: string };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
}

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Bulk requests in order of arrival. */
  readonly bulks: SeenRequest[];
  /** Decides about each bulk request; `undefined` lets it pass. */
  onBulk: (request: SeenRequest, ordinal: number) => Fault | undefined;
}

/** A reverse proxy before the real server that loses and bends requests on demand. */
export async function startFaultProxy(upstreamUrl: string): Promise<FaultProxy> {
  const bulks: SeenRequest[] = [];
  let ordinal = 0;
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  const proxy: FaultProxy = {
    url: '',
    bulks,
    onBulk: () => undefined,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = await readAll(incoming);
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '', body: body.toString('utf8') };
    const isBulk = seen.path.startsWith('/_bulk');
    if (isBulk) bulks.push(seen);
    const fault = isBulk ? proxy.onBulk(seen, ++ordinal) : undefined;
    if (fault?.kind === 'answer') {
      outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers }).end(fault.body);
      return;
    }
    if (fault?.kind === 'resetBefore') {
      incoming.socket.resetAndDestroy();
      return;
    }
    const sent = fault?.kind === 'failItems' ? without(seen.body, fault.ids) : body;
    const answer = await forward(upstreamUrl, incoming, sent);
    if (fault?.kind === 'resetAfterDelivery') {
      incoming.socket.resetAndDestroy();
      return;
    }
    let bytes = answer.body;
    if (fault?.kind === 'truncate') bytes = bytes.subarray(0, fault.bytes);
    if (fault?.kind === 'failItems') bytes = withFailures(seen.body, bytes, fault);
    const headers = { ...answer.headers, 'content-length': String(bytes.length) };
    delete (headers as Record<string, unknown>)['transfer-encoding'];
    outgoing.writeHead(answer.status, headers).end(bytes);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(proxy, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

/** Action lines of a bulk body with the lines that belong to them. */
function actionsOf(body: string): { id: string; operation: 'index' | 'delete'; lines: string }[] {
  const lines = body.split('\n').slice(0, -1);
  const actions: { id: string; operation: 'index' | 'delete'; lines: string }[] = [];
  for (let i = 0; i < lines.length; i++) {
    const action = JSON.parse(lines[i]!) as Record<string, { _id: string }>;
    const operation = 'index' in action ? 'index' : 'delete';
    const id = action[operation]!._id;
    actions.push({ id, operation, lines: operation === 'index' ? `${lines[i]}\n${lines[++i]}\n` : `${lines[i]}\n` });
  }
  return actions;
}

function without(body: string, ids: readonly string[]): Buffer {
  const kept = actionsOf(body).filter((action) => !ids.includes(action.id));
  return Buffer.from(kept.map((action) => action.lines).join(''));
}

function withFailures(body: string, answer: Buffer, fault: Extract<Fault, { kind: 'failItems' }>): Buffer {
  const parsed = JSON.parse(answer.toString('utf8')) as { errors?: boolean; items?: unknown[] };
  const delivered = [...(parsed.items ?? [])];
  const items = actionsOf(body).map((action) =>
    fault.ids.includes(action.id)
      ? { [action.operation]: { status: fault.status, error: { type: fault.type, reason: 'injected' } } }
      : delivered.shift(),
  );
  return Buffer.from(JSON.stringify({ errors: true, items }));
}

async function forward(
  upstreamUrl: string,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
  // A bulk of which nothing is left is refused by the server: answer for it.
  if (incoming.url?.startsWith('/_bulk') === true && body.length === 0) {
    const headers = { 'content-type': 'application/json', 'x-elastic-product': 'Elasticsearch' };
    return { status: 200, headers, body: Buffer.from('{"errors":false,"items":[]}') };
  }
  return new Promise((resolve, reject) => {
    const target = new URL(incoming.url ?? '/', upstreamUrl);
    const headers = { ...incoming.headers, 'content-length': String(body.length) };
    const upstream = httpRequest(target, { method: incoming.method ?? 'GET', headers }, (answer) => {
      readAll(answer).then(
        (read) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: read }),
        reject,
      );
    });
    upstream.on('error', reject);
    upstream.end(body);
  });
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
