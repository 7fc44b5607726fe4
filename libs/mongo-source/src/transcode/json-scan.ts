const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;

/** Position behind the member (`,"name":value` or `{"name":value`) that begins at `from` in JSON we wrote. */
export function memberEnd(json: Uint8Array, from: number, limit: number): number {
  const colon = stringEnd(json, from + 1, limit);
  return jsonValueEnd(json, colon + 1, limit);
}

/** Position behind the value at `from`. */
function jsonValueEnd(json: Uint8Array, from: number, limit: number): number {
  let depth = 0;
  let at = from;
  while (at < limit) {
    const byte = json[at]!;
    if (byte === QUOTE) {
      at = stringEnd(json, at, limit);
      continue;
    }
    const isClose = byte === 0x7d || byte === 0x5d;
    if (depth === 0 && (isClose || byte === COMMA)) return at;
    if (isClose) depth--;
    else if (byte === 0x7b || byte === 0x5b) depth++;
    at++;
  }
  return limit;
}

function stringEnd(json: Uint8Array, from: number, limit: number): number {
  let at = from + 1;
  while (at < limit && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}
