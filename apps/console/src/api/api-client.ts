import { ProblemError, readProblem, unreachableProblem } from './problem.js';
import type { TokenStore } from './token-store.js';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface ApiClientOptions {
  /** URL of the folder that the page lies in; everything is asked for relative to it. */
  readonly baseUrl: string;
  readonly tokens: TokenStore;
  /** Called whenever the API answers 401. */
  readonly onUnauthenticated: () => void;
}

/** Talks to the admin API. Every failure is thrown as a {@link ProblemError}. */
export class ApiClient {
  private readonly options: ApiClientOptions;

  constructor(options: ApiClientOptions) {
    this.options = options;
  }

  /** The JSON answer of a successful request; undefined when it has no body. */
  async json<T>(path: string, request: ApiRequest = {}): Promise<T> {
    const response = await this.fetch(path, request);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /**
   * The response of a successful request, its body unread. What is refused after its token was replaced is asked again
   * with the new one: the refusal says nothing about it.
   */
  async fetch(path: string, request: ApiRequest = {}): Promise<Response> {
    let token = this.options.tokens.get();
    let response = await this.send(path, request, token);
    while (response.status === 401 && this.options.tokens.get() !== token) {
      token = this.options.tokens.get();
      response = await this.send(path, request, token);
    }
    if (response.ok) return response;
    if (response.status === 401) this.options.onUnauthenticated();
    throw new ProblemError(readProblem(response.status, parseJson(await response.text())));
  }

  private async send(path: string, request: ApiRequest, token: string | null): Promise<Response> {
    const headers = new Headers({ accept: 'application/json', ...request.headers });
    if (token !== null) headers.set('authorization', `Bearer ${token}`);
    if (request.body !== undefined) headers.set('content-type', 'application/json');
    const init: RequestInit = { method: request.method ?? 'GET', headers, cache: 'no-store' };
    if (request.body !== undefined) init.body = JSON.stringify(request.body);
    if (request.signal !== undefined) init.signal = request.signal;
    try {
      return await fetch(new URL(path, this.options.baseUrl), init);
    } catch (cause) {
      throw new ProblemError(unreachableProblem(), { cause });
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy may answer with a page of its own; the status still says enough.
    return null;
  }
}
