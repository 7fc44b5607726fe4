import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StackError } from './progress.mjs';
import { lastLines, runCommand } from './run-command.mjs';
import { ensureJavac } from './tools.mjs';

const NAME = 'lockstep-missing-parts';
const CLASS = 'lockstep.testing.MissingPartsPlugin';
const SOURCE = join(
  dirname(fileURLToPath(import.meta.url)),
  'elasticsearch-plugin',
  ...`${CLASS.replaceAll('.', '/')}.java`.split('/'),
);

/** The newest Java whose classes the compiler of Debian 12 can read. */
const JAVAC_READS = 17;

/** @param {import('./provision.mjs').Release} release */
const descriptorOf = (release) => ({
  name: NAME,
  description: 'What the slim distribution leaves out and tests need',
  version: release.version,
  'elasticsearch.version': release.version,
  'java.version': String(release.java),
  classname: CLASS,
});

/** Short digest of the plugin's source: an Elasticsearch home with another version of it is not used. */
export async function testPluginDigest() {
  return createHash('sha256')
    .update(await readFile(SOURCE))
    .digest('hex')
    .slice(0, 8);
}

/**
 * Compiles the test plugin into an Elasticsearch home, as one of its modules.
 * @param {string} home
 * @param {import('./provision.mjs').ExtensionTools} tools
 */
export async function addTestPlugin(home, tools) {
  const module = join(home, 'modules', NAME);
  await mkdir(module, { recursive: true });
  const classes = await mkdtemp(join(tmpdir(), 'lockstep-plugin-'));
  try {
    const compiled = await compile(home, classes, tools);
    if (compiled.code !== 0)
      throw new StackError(`the Elasticsearch test plugin does not compile: ${lastLines(compiled.stderr, 8)}`);
    // A jar is a zip; writing one needs no JDK tool.
    const packed = await runCommand('python3', ['-m', 'zipfile', '-c', join(module, `${NAME}.jar`), 'lockstep'], {
      cwd: classes,
    });
    if (packed.code !== 0) throw new StackError(`packing the Elasticsearch test plugin: ${lastLines(packed.stderr)}`);
  } finally {
    await rm(classes, { recursive: true, force: true });
  }
  const lines = Object.entries(descriptorOf(tools.release)).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(module, 'plugin-descriptor.properties'), lines.join(''));
}

async function compile(home, classes, { release, javaHome, provideEcj }) {
  const java = String(release.java);
  if (release.java <= JAVAC_READS) {
    return runCommand(await ensureJavac(), ['--release', java, '-cp', join(home, 'lib', '*'), '-d', classes, SOURCE]);
  }
  const libraries = (await readdir(join(home, 'lib'))).filter((name) => name.endsWith('.jar'));
  const classpath = libraries.map((name) => join(home, 'lib', name)).join(':');
  const args = ['-nowarn', '-source', java, '-target', java, '-cp', classpath, '-d', classes, SOURCE];
  return runCommand(join(javaHome, 'bin', 'java'), ['-jar', await provideEcj(), ...args]);
}
