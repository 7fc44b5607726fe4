import { join } from 'node:path';
import { runCommand } from './run-command.mjs';
import { installPackages } from './system-packages.mjs';
import { StackError } from './progress.mjs';

const MINIMUM_JAVA = 17;

/** @returns {Promise<{ home: string, version: number } | null>} */
async function inspectJava(binary, minimum) {
  const result = await runCommand(binary, ['-XshowSettings:properties', '-version']);
  const home = /java\.home = (.+)/.exec(result.stderr)?.[1]?.trim();
  const version = Number(/java\.specification\.version = (\d+)/.exec(result.stderr)?.[1]);
  return result.code === 0 && home !== undefined && version >= minimum ? { home, version } : null;
}

/**
 * @param {number} [minimum] version
 * @returns {Promise<string | null>} home of a Java runtime that is installed
 */
export async function findJava(minimum = MINIMUM_JAVA) {
  const homes = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME].filter(Boolean);
  for (const binary of [...homes.map((home) => join(home, 'bin', 'java')), 'java']) {
    const found = await inspectJava(binary, minimum);
    if (found !== null) return found.home;
  }
  return null;
}

/** @returns {Promise<string>} home of a Java runtime 17 or newer, installed if need be */
export async function ensureJava() {
  const found = await findJava();
  if (found !== null) return found;
  await installPackages(['default-jre-headless'], `Elasticsearch (Java ${MINIMUM_JAVA} or newer)`);
  const installed = await findJava();
  if (installed === null) throw new StackError(`no Java ${MINIMUM_JAVA} or newer found; install one and set JAVA_HOME`);
  return installed;
}

/** @returns {Promise<string>} path of `javac` (17 or newer) */
export async function ensureJavac() {
  const javac = async () => {
    const result = await runCommand('javac', ['-version']);
    const version = Number(/javac (\d+)/.exec(result.stdout + result.stderr)?.[1]);
    return result.code === 0 && version >= MINIMUM_JAVA;
  };
  if (await javac()) return 'javac';
  const home = await findJava();
  const beside = home === null ? null : join(home, 'bin', 'javac');
  if (beside !== null && (await runCommand(beside, ['-version'])).code === 0) return beside;
  await installPackages(['default-jdk-headless'], 'compiling the Elasticsearch test plugin (a JDK)');
  if (await javac()) return 'javac';
  throw new StackError(`no javac ${MINIMUM_JAVA} or newer found; install a JDK`);
}

export async function ensurePip() {
  if ((await runCommand('python3', ['-m', 'pip', '--version'])).code === 0) return;
  await installPackages(['python3', 'python3-pip'], 'downloading MongoDB (python3 with pip)');
}

export async function ensureMaven() {
  if ((await runCommand('mvn', ['-v'])).code === 0) return;
  await installPackages(['maven'], 'downloading Elasticsearch (Maven)');
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** @returns {Promise<string | null>} path of a Chromium that is installed */
export async function findChromium() {
  for (const name of CHROMIUM_NAMES) {
    const { code, stdout } = await runCommand('sh', ['-c', `command -v ${name}`]);
    if (code === 0) return stdout.trim();
  }
  return null;
}

/** @returns {Promise<string>} path of Chromium, installed if need be */
export async function ensureChromium() {
  const found = await findChromium();
  if (found !== null) return found;
  await installPackages(['chromium'], 'the browser test (Chromium)');
  const installed = await findChromium();
  if (installed === null) throw new StackError('no Chromium found; install the package chromium');
  return installed;
}
