import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LockstepError } from '@lockstep/core';

/** A file of a keys folder. */
export interface KeyFile {
  readonly name: string;
  readonly text: string;
  readonly modifiedMs: number;
  /** Permission bits. */
  readonly mode: number;
}

/** Names the current key: a text file beside the keys that holds a kid. */
export const CURRENT_MARKER = 'current';
const MAX_KEY_FILE_BYTES = 64 * 1024;

const reasonOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'error');

/**
 * Reads the files of a keys folder, without its subfolders; links are followed, as mounted secrets are links.
 * @throws LockstepError KEY_MISSING when the folder cannot be read
 */
export async function readKeyFiles(dir: string): Promise<readonly KeyFile[]> {
  try {
    const files: KeyFile[] = [];
    for (const name of (await readdir(dir)).sort()) {
      const path = join(dir, name);
      const stats = await stat(path);
      if (!stats.isFile() || stats.size > MAX_KEY_FILE_BYTES) continue;
      files.push({ name, text: await readFile(path, 'utf8'), modifiedMs: stats.mtimeMs, mode: stats.mode & 0o777 });
    }
    return files;
  } catch (error) {
    throw new LockstepError('KEY_MISSING', `reading keys of ${dir}: the folder cannot be read (${reasonOf(error)})`, {
      cause: error,
    });
  }
}

export const isPemFile = (file: KeyFile): boolean => file.name.endsWith('.pem');

/** The kid in the marker file; undefined when there is no marker. */
export function currentKid(files: readonly KeyFile[]): string | undefined {
  return files.find((file) => file.name === CURRENT_MARKER)?.text.trim();
}
