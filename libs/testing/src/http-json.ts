import { request as httpRequest, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface HttpJsonOptions {
  /** @defaultValue GET, or POST with a body */
  readonly method?: string;
  /** Sent as JSON; a string or Buffer is sent as it is. */
  readonly body?: unknown;
  readonly headers?: OutgoingHttpHeaders;
  /** PEM of the authority that signed the server's certificate. */
  readonly ca?: string;
  /** Milliseconds without any byte. @defaultValue 30 000 */
  readonly timeoutMs?: number;
}

export interface HttpJsonAnswer<T> {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The parsed body; the text itself where it is no JSON, undefined where it is empty. */
  readonly body: T;
}

/** One HTTP request with a JSON body and answer. Any status is an answer; only a broken connection throws. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
export async function httpJson<T = any>(url: string, options: HttpJsonOptions = {}): Promise<HttpJsonAnswer<T>> {
  const answer = await httpText(url, options);
  return { ...answer, body: parse(answer.body) as T };
}

/** As {@link httpJson}, with the body as it was sent: every digit of every number. */
export function httpText(url: string, options: HttpJsonOptions = {}): Promise<HttpJsonAnswer<string>> {
  const raw = typeof options.body === 'string' || Buffer.isBuffer(options.body);
  const payload =
    options.body === undefined ? undefined : raw ? (options.body as string) : JSON.stringify(options.body);
  const headers: OutgoingHttpHeaders = {
    ...(payload === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    ...options.headers,
  };
  const method = options.method ?? (payload === undefined ? 'GET' : 'POST');
  const timeout = options.timeoutMs ?? 30_000;
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, { method, headers, timeout, agent: false, ...(options.ca ? { ca: options.ca } : {}) });
    request.on('timeout', () => request.destroy(new Error(`${method} ${url}: no answer in ${timeout} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    request.end(payload);
  });
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
