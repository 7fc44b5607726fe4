import { httpJson, LockstepInstance, type HttpJsonAnswer, type LockstepInstanceOptions } from '@lockstep/testing';

/** What can be read without knowing any id. */
const PAGES = [
  ...['/api/v1/connectors', '/api/v1/config', '/api/v1/jobs', '/api/v1/workers', '/api/v1/system', '/metrics'],
  ...['/health/live', '/health/ready', '/public_key', '/.well-known/jwks.json', '/openapi.json', '/docs', '/'],
];

/** A running service of which everything that it puts out is kept, so that it can be searched for secrets. */
export class RecordedInstance extends LockstepInstance {
  private readonly elasticsearchUrl: string;
  private readonly answers: string[] = [];
  private readonly events: string[] = [];
  private readonly listening = new AbortController();
  private listener: Promise<void> = Promise.resolve();

  constructor(options: LockstepInstanceOptions) {
    super({ ...options, env: { LOCKSTEP_LOG_LEVEL: 'debug', ...options.env } });
    this.elasticsearchUrl = options.elasticsearchUrl;
  }

  override async start(workers = 1): Promise<void> {
    await super.start(workers);
    this.listener = this.listen();
  }

  override async stop(): Promise<void> {
    this.listening.abort();
    await this.listener;
    await super.stop();
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look into bodies of every shape
  override async call(method: string, path: string, body?: unknown): Promise<HttpJsonAnswer<any>> {
    const answer = await super.call(method, path, body);
    this.answers.push(`${method} ${path} ${answer.status} ${JSON.stringify([answer.headers, answer.body])}`);
    return answer;
  }

  /** Everything that was answered, told, logged and stored so far, and what every page says now. */
  async outputs(): Promise<Readonly<Record<string, string>>> {
    const pages = [...PAGES];
    for (const list of ['connectors', 'config', 'jobs']) {
      const { items } = (await this.call('GET', `/api/v1/${list}?pageSize=200`)).body as {
        items: { id?: string; key?: string }[];
      };
      for (const { id, key } of items) pages.push(`/api/v1/${list}/${id ?? key ?? ''}`);
      if (list === 'connectors') for (const { id } of items) pages.push(`/api/v1/connectors/${id ?? ''}/dead-letters`);
    }
    for (const page of pages) {
      const { status } = await this.call('GET', page);
      if (status !== 200) throw new Error(`${page} answered ${status}`);
    }
    const metrics = this.workers.filter(({ isRunning }) => isRunning).map(({ url }) => httpJson(`${url}/metrics`));
    return {
      answers: this.answers.join('\n'),
      events: this.events.join(''),
      'metrics of the workers': JSON.stringify(await Promise.all(metrics)),
      'log of the API': this.api.output,
      'logs of the workers': this.workers.map(({ output }) => output).join('\n'),
      'stored documents': await this.stored(),
    };
  }

  /** Every document of the state indices. */
  private async stored(): Promise<string> {
    const index = `${this.elasticsearchUrl}/${this.prefix}-*`;
    await httpJson(`${index}/_refresh`, { method: 'POST' });
    const found = await httpJson(`${index}/_search?size=10000&version=true`);
    return JSON.stringify(found.body);
  }

  private async listen(): Promise<void> {
    const { signal } = this.listening;
    try {
      const answer = await fetch(`${this.api.url}/api/v1/events`, { signal });
      const decoder = new TextDecoder();
      for await (const chunk of answer.body!) this.events.push(decoder.decode(chunk as Uint8Array, { stream: true }));
    } catch (error) {
      if (!signal.aborted) this.events.push(`the event stream ended: ${String(error)}`);
    }
  }
}

/** Which of the secrets stand in a text, as they are or as URIs, JSON and base64 write them. */
export function secretsIn(text: string, secrets: readonly string[]): readonly string[] {
  return secrets.filter((secret) =>
    [
      secret,
      encodeURIComponent(secret),
      JSON.stringify(secret).slice(1, -1),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret).toString('base64url'),
    ].some((form) => text.includes(form)),
  );
}
