import { CORRUPT, textEnd } from './bson-layout.js';
import type { WalkFrame } from './walk-frame.js';

const MOST_CHARS = 1_000;

/**
 * The dotted path, in MongoDB's names and array indexes, of the elements that the frames up to `depth` stand at; null
 * when there is none. A name that has no end is left out.
 */
export function sourcePath(bytes: Buffer, frames: readonly WalkFrame[], depth: number): string | null {
  let path: string | null = null;
  for (let i = 0; i <= depth; i++) {
    const { elementAt, end } = frames[i]!;
    if (elementAt < 0 || elementAt >= end) break;
    const nameEnd = textEnd(bytes, elementAt + 1, end);
    if (nameEnd === CORRUPT) break;
    const name = bytes.toString('utf8', elementAt + 1, nameEnd);
    path = path === null ? name : `${path}.${name}`;
    if (path.length > MOST_CHARS) return path.slice(0, MOST_CHARS);
  }
  return path;
}
