export interface CurlRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absolute URL. */
  readonly url: string;
  readonly needsToken: boolean;
  /** Sent as JSON. */
  readonly body?: object | undefined;
}

/** A request as a shell command. The token stays a variable: it is never put into text that gets copied. */
export function curlCommand({ method, url, needsToken, body }: CurlRequest): string {
  const parts = ['curl -sS'];
  if (method !== 'GET') parts.push(`-X ${method}`);
  if (needsToken) parts.push('-H "Authorization: Bearer $LOCKSTEP_API_TOKEN"');
  if (body !== undefined) parts.push(`-H 'Content-Type: application/json' -d ${quote(JSON.stringify(body))}`);
  parts.push(quote(url));
  return parts.join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
