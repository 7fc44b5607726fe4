import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in the nearest `package.json` above this file, in the sources and in the build alike. */
export function appVersion(from: string = __dirname): string {
  for (let dir = from; ; dir = dirname(dir)) {
    const version = versionIn(join(dir, 'package.json'));
    if (version !== null) return version;
    if (dir === dirname(dir)) return '0.0.0';
  }
}

function versionIn(path: string): string | null {
  try {
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown; version?: unknown };
    return name === 'lockstep' && typeof version === 'string' ? version : null;
  } catch {
    // No readable package file here: the one above is asked.
    return null;
  }
}
