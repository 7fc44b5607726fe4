import { mkdir, readdir, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { stackLayout } from '../stack/layout.mjs';
import { StackError, step } from '../stack/progress.mjs';
import { buildInPlace } from '../stack/provision.mjs';
import { lastLines, runCommand } from '../stack/run-command.mjs';

const PACKAGES = ['docker.io', 'docker-compose', 'debootstrap'];

/**
 * Debian's container engine, its compose and debootstrap, unpacked below `.stack/` and not installed: nothing on this
 * machine changes, and no service starts. apt checks the signatures.
 * @returns {Promise<string>} the root that the packages are unpacked in
 */
export async function provideEnginePackages() {
  const root = join((await stackLayout()).cache, 'docker-engine');
  await buildInPlace(root, (draft) =>
    step(`downloading ${PACKAGES.join(', ')} (70 MB)`, async () => {
      const archives = join(draft, 'archives');
      await mkdir(join(archives, 'partial'), { recursive: true });
      await download(archives);
      for (const name of (await readdir(archives)).filter((file) => file.endsWith('.deb'))) {
        await mustRun('dpkg-deb', ['-x', join(archives, name), draft]);
      }
      await rm(archives, { recursive: true });
      // What the alternatives system would have made.
      await symlink('iptables-nft', join(draft, 'usr/sbin/iptables'));
    }),
  );
  return root;
}

async function download(archives) {
  const options = [
    '--download-only',
    '--reinstall',
    '-y',
    '--no-install-recommends',
    '-o',
    `Dir::Cache::Archives=${archives}`,
  ];
  const apt = () => runCommand('apt-get', ['install', ...options, '-o', 'DPkg::Lock::Timeout=300', ...PACKAGES]);
  let result = await apt();
  if (result.code !== 0) {
    await runCommand('apt-get', ['update', '-qq']);
    result = await apt();
  }
  if (result.code !== 0) {
    throw new StackError(`apt-get could not download ${PACKAGES.join(', ')}: ${lastLines(result.stderr, 1)}`);
  }
}

/**
 * Where unpacked programs find each other and their libraries.
 * @param {string} root
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentOf(root) {
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu');
  return {
    ...process.env,
    PATH: [join(root, 'usr/sbin'), join(root, 'usr/bin'), process.env.PATH].join(':'),
    LD_LIBRARY_PATH: libraries,
    XTABLES_LIBDIR: join(libraries, 'xtables'),
    PYTHONPATH: join(root, 'usr/lib/python3/dist-packages'),
    DEBOOTSTRAP_DIR: join(root, 'usr/share/debootstrap'),
  };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Parameters<typeof runCommand>[2]} [options]
 * @returns {Promise<string>} what it printed
 * @throws StackError with the last lines that it said
 */
export async function mustRun(command, args, options) {
  const result = await runCommand(command, args, options);
  if (result.code !== 0) {
    const said = lastLines(`${result.stdout}\n${result.stderr}`, 25).replaceAll(' | ', '\n  ');
    throw new StackError(`${command} ${args.slice(0, 6).join(' ')} … ended with ${result.code}:\n  ${said}`);
  }
  return result.stdout;
}
