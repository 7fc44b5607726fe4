import { clusterTime, type ClusterTime } from './cluster-time.js';

/** Begins with the key-string type of a Timestamp, then its seconds and increment, big-endian. */
const TOKEN_DATA = /^82([0-9A-Fa-f]{8})([0-9A-Fa-f]{8})([0-9A-Fa-f]{2})+$/;
/** BSON type of a string. */
const STRING = 0x02;

export interface ParsedResumeToken {
  /** Base64 of the BSON document `{_data}`, the form in which positions are stored. */
  readonly token: string;
  readonly time: ClusterTime;
}

/**
 * Reads a resume token as the shell and drivers show it: the hex text of its `_data` (the same from MongoDB 4.2 to
 * 8.0). Undefined when the text is something else.
 */
export function parseResumeToken(data: string): ParsedResumeToken | undefined {
  const match = TOKEN_DATA.exec(data);
  if (match === null) return undefined;
  const text = Buffer.from(`${data}\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32LE(text.length);
  const element = Buffer.concat([Buffer.from([STRING]), Buffer.from('_data\0', 'latin1'), length, text]);
  const head = Buffer.alloc(4);
  head.writeInt32LE(head.length + element.length + 1);
  return {
    token: Buffer.concat([head, element, Buffer.from([0])]).toString('base64'),
    time: clusterTime(Number.parseInt(match[1] ?? '', 16), Number.parseInt(match[2] ?? '', 16)),
  };
}
