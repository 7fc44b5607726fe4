import { createHash } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StackError } from './progress.mjs';

const USER = 'nobody';

/**
 * Who runs Elasticsearch, which refuses to be root: `nobody` when this process is root, else whoever this is.
 * @returns {Promise<{ uid: number, gid: number } | null>} null = no change of user
 */
export async function serverUser() {
  if (process.getuid?.() !== 0) return null;
  const passwd = await readFile('/etc/passwd', 'utf8');
  const entry = passwd.split('\n').find((line) => line.startsWith(`${USER}:`));
  if (entry === undefined) throw new StackError(`Elasticsearch refuses to run as root and there is no user "${USER}"`);
  const [, , uid, gid] = entry.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

/** @param {string} path absolute; a part that does not exist yet is taken as passable */
async function canBePassedByOthers(path) {
  for (let folder = path; ; folder = dirname(folder)) {
    const mode = await stat(folder).then(
      (found) => found.mode,
      () => 0o755,
    );
    if ((mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/**
 * Where the servers' files go: `preferred`, unless another user has to reach them and cannot (a clone in a private
 * home folder); then a folder of the same meaning below /var/tmp.
 * @param {string} preferred
 * @returns {Promise<string>}
 */
export async function reachableFolder(preferred) {
  if ((await serverUser()) === null || (await canBePassedByOthers(preferred))) return preferred;
  const name = createHash('sha256').update(preferred).digest('hex').slice(0, 12);
  const folder = join('/var/tmp', `lockstep-stack-${name}`);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  const found = await lstat(folder);
  if (!found.isDirectory() || found.uid !== process.getuid?.()) {
    throw new StackError(`${folder} belongs to somebody else; remove it`);
  }
  await chmod(folder, 0o755);
  return folder;
}

/** Hands a folder and everything in it to the user who runs the server. @param {string} path */
export async function handOver(path) {
  const user = await serverUser();
  if (user === null) return;
  await chown(path, user.uid, user.gid);
  for (const entry of await readdir(path, { withFileTypes: true, recursive: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath ?? entry.path, entry.name), user.uid, user.gid);
  }
}
