// The administrator's token of the compose stack, in the file that LOCKSTEP_API_TOKEN_FILE names: `make` writes a random
// one unless there is one, `show` prints it. The log of the stack never holds it.
import { randomBytes } from 'node:crypto';
import { access, readFile, rename, writeFile } from 'node:fs/promises';

const SHOW = 'docker compose -f docker/compose.yaml run --rm token show';
const file = process.env.LOCKSTEP_API_TOKEN_FILE;

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(`api-token: ${message}`);
  process.exit(1);
}

/** @param {string} path */
async function make(path) {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    // Written beside and renamed: a restart in between leaves no half token.
    await writeFile(`${path}.new`, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
  console.log(`api-token: ${isThere ? 'there is one already' : 'made'}; to see it: ${SHOW}`);
}

if (!file) fail('LOCKSTEP_API_TOKEN_FILE is not set');
const command = process.argv[2];
if (command === 'make') await make(file);
else if (command === 'show') console.log((await readFile(file, 'utf8')).trim());
else fail('usage: api-token.mjs make|show');
