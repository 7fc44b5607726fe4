import { StackError, step } from './progress.mjs';
import { lastLines, runCommand } from './run-command.mjs';

const APT_OPTIONS = ['-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300'];

/** @returns {Promise<readonly string[] | null>} the words before `apt-get`, or null when it cannot be used unasked */
async function aptPrefix() {
  if ((await runCommand('apt-get', ['--version'])).code !== 0) return null;
  const environment = ['env', 'DEBIAN_FRONTEND=noninteractive'];
  if (process.getuid?.() === 0) return environment;
  return (await runCommand('sudo', ['-n', 'true'])).code === 0 ? ['sudo', '-n', ...environment] : null;
}

/**
 * Installs system packages when that is possible without asking anybody.
 * @param {readonly string[]} packages names as Debian and Ubuntu have them
 * @param {string} purpose what misses them, for the message
 * @throws StackError one line that says what to install, when it cannot be done here
 */
export async function installPackages(packages, purpose) {
  const names = packages.join(' ');
  const prefix = await aptPrefix();
  if (prefix === null) throw new StackError(`${purpose} needs what is not installed here; install: ${names}`);
  const apt = (...args) => runCommand(prefix[0], [...prefix.slice(1), 'apt-get', ...args]);
  await step(`installing ${names}`, async () => {
    // Package lists are absent on slim images and stale on old ones: only a failed install refreshes them.
    let result = await apt('install', ...APT_OPTIONS, ...packages);
    if (result.code !== 0) {
      await apt('update', '-qq');
      result = await apt('install', ...APT_OPTIONS, ...packages);
    }
    if (result.code !== 0) {
      throw new StackError(`${purpose}: apt-get could not install ${names}: ${lastLines(result.stderr, 1)}`);
    }
  });
}
