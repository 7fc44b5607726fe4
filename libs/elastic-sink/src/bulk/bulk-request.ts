import { ElasticFailure, elasticFailure, readErrorBody, type ElasticClient } from '@lockstep/elastic';
import { readBulkAnswer, type BulkAnswer } from './bulk-answer.js';
import { retryAfterMs } from './retry-after.js';

export interface BulkRequest {
  readonly client: ElasticClient;
  readonly body: Buffer;
  readonly itemCount: number;
  readonly signal: AbortSignal;
}

/** An answer that says no, with what its headers advise. */
export class BulkRefusal extends ElasticFailure {
  constructor(
    status: number,
    errorType: string | null,
    /** From `Retry-After`, at most a minute; null when it is not there. */
    readonly retryAfterMs: number | null,
  ) {
    super('response', status, errorType, `HTTP ${status}${errorType === null ? '' : ` ${errorType}`}`);
  }
}

/**
 * Sends one bulk request, once. The answer is read as bytes, so that a good one costs nothing.
 * @throws ElasticFailure (BulkRefusal when there was an answer)
 */
export async function sendBulk(request: BulkRequest): Promise<BulkAnswer> {
  let status: number;
  let body: Buffer;
  let headers: Readonly<Record<string, unknown>>;
  try {
    const answer = await request.client.transport.request<AsyncIterable<Buffer>>(
      {
        method: 'POST',
        path: '/_bulk',
        querystring: { require_alias: 'true', filter_path: 'errors,error,status,items.*.status,items.*.error' },
        bulkBody: request.body,
      },
      { asStream: true, meta: true, signal: request.signal },
    );
    status = answer.statusCode ?? 0;
    headers = answer.headers ?? {};
    body = await readAll(answer.body);
  } catch (error) {
    throw streamFailure(error, request.signal);
  }
  if (status < 200 || status > 299) throw new BulkRefusal(status, errorTypeOf(body), retryAfterMs(headers));
  return readBulkAnswer(body, request.itemCount);
}

async function readAll(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

/** A connection that ends while the answer is read throws errors of the socket, not of the client. */
function streamFailure(error: unknown, signal: AbortSignal): ElasticFailure {
  if (signal.aborted) return new ElasticFailure('aborted', null, null, 'the request was aborted');
  const failure = elasticFailure(error);
  if (failure.kind !== 'unknown') return failure;
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code !== 'string') return failure;
  return new ElasticFailure('connection', null, null, `the connection ended within the answer (${code})`);
}

function errorTypeOf(body: Buffer): string | null {
  try {
    return readErrorBody(JSON.parse(body.toString('utf8'))).type;
  } catch {
    // A page of some proxy: the status says enough.
    return null;
  }
}
