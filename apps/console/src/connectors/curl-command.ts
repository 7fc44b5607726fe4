export interface CurlRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Absolute URL. */
  readonly url: string;
  readonly needsToken: boolean;
}

/** A request as a shell command. The token stays a variable: it is never put into text that gets copied. */
export function curlCommand(request: CurlRequest): string {
  const parts = ['curl -sS'];
  if (request.method !== 'GET') parts.push(`-X ${request.method}`);
  if (request.needsToken) parts.push('-H "Authorization: Bearer $LOCKSTEP_API_TOKEN"');
  parts.push(quote(request.url));
  return parts.join(' ');
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
