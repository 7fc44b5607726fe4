import { REDACTED, redactText } from './redact-text.js';

const SECRET_FIELD =
  /("[^"\\]*(?:password|passphrase|secret|api_?key|authorization|token|private_?key|jwe)":)"(?:\\.|[^"\\])*"/gi;

/** A finished JSON line without secrets: those under telling keys, and those that look like secrets. */
export function redactLine(line: string): string {
  return redactText(line.replace(SECRET_FIELD, `$1"${REDACTED}"`));
}
