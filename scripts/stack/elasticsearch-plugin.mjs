import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ELASTICSEARCH } from './artefacts.mjs';
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

const DESCRIPTOR = {
  name: NAME,
  description: 'What the slim distribution leaves out and tests need',
  version: ELASTICSEARCH.version,
  'elasticsearch.version': ELASTICSEARCH.version,
  'java.version': '17',
  classname: CLASS,
};

/** Short digest of the plugin's source: an Elasticsearch home with another version of it is not used. */
export async function testPluginDigest() {
  return createHash('sha256')
    .update(await readFile(SOURCE))
    .digest('hex')
    .slice(0, 8);
}

/** Compiles the test plugin into an Elasticsearch home, as one of its modules. @param {string} home */
export async function addTestPlugin(home) {
  const javac = await ensureJavac();
  const module = join(home, 'modules', NAME);
  await mkdir(module, { recursive: true });
  const classes = await mkdtemp(join(tmpdir(), 'lockstep-plugin-'));
  try {
    const compiled = await runCommand(javac, ['--release', '17', '-cp', join(home, 'lib', '*'), '-d', classes, SOURCE]);
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
  const lines = Object.entries(DESCRIPTOR).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(join(module, 'plugin-descriptor.properties'), lines.join(''));
}
