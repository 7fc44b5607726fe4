import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { SETTINGS_CATALOGUE } from '@lockstep/settings';

const ROOT = resolve(__dirname, '../../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Build {
  readonly context: string;
  readonly dockerfile: string;
  readonly target: string;
}

interface Service {
  readonly image: string;
  readonly build?: Build;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly ports?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly read_only?: boolean;
  readonly restart?: string;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

interface Stage {
  readonly name: string;
  readonly from: string;
  readonly lines: readonly string[];
}

const composeText = read('docker/compose.yaml');
const compose = parse(composeText, { merge: true }) as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('docker/Dockerfile').replaceAll('\\\n', ' ');

/** Stages of the Dockerfile, each with the instructions of its own. */
const stages: readonly Stage[] = dockerfile
  .split(/^(?=FROM )/m)
  .slice(1)
  .map((text) => {
    const [, from = '', name = ''] = /^FROM (\S+) AS (\S+)/.exec(text) ?? [];
    return { from, name, lines: text.split('\n').filter((line) => line !== '' && !line.startsWith('#')) };
  });

const production = Object.keys((JSON.parse(read('package.json')) as { dependencies: object }).dependencies);

const stageNamed = (name: string): Stage => stages.find((stage) => stage.name === name) ?? fail(`no stage ${name}`);

function fail(message: string): never {
  throw new Error(message);
}

/** A stage and those it is built from, oldest first. */
function lineage(stage: Stage): readonly Stage[] {
  const parent = stages.find(({ name }) => name === stage.from);
  return parent === undefined ? [stage] : [...lineage(parent), stage];
}

const instructions = (stage: Stage, word: string): readonly string[] =>
  stage.lines.flatMap((line) => new RegExp(`^\\s*${word}\\s+(.*)$`).exec(line)?.[1] ?? []);

/** `COPY` from the context: sources and target. */
const contextCopies = (stage: Stage): readonly { sources: readonly string[]; target: string }[] =>
  instructions(stage, 'COPY')
    .filter((rest) => !rest.startsWith('--from'))
    .map((rest) => rest.trim().split(/\s+/))
    .map((words) => ({ sources: words.slice(0, -1), target: words.at(-1)! }));

/** Where a path of the image (below its working folder) comes from in the repository; null = nothing puts it there. */
function originOf(path: string, stage: Stage): string | null {
  for (const { sources, target } of lineage(stage).flatMap(contextCopies)) {
    for (const source of sources) {
      const copied = target.endsWith('/') ? join(target, source.split('/').at(-1)!) : target;
      if (path === copied || path.startsWith(`${copied}/`)) return join(source, path.slice(copied.length));
    }
  }
  return null;
}

const isKnownVariable = (name: string): boolean =>
  SETTINGS_CATALOGUE.some((setting) => name === setting.name || (setting.isSecret && name === `${setting.name}_FILE`));

/** What a program of an image needs beside itself: relative modules as paths in the image, packages by name. */
function needs(path: string, stage: Stage, seen = new Set<string>()): ReadonlySet<string> {
  const origin = originOf(path, stage);
  if (origin === null || !existsSync(join(ROOT, origin))) return seen.add(`missing: ${path}`);
  for (const [, specifier = ''] of read(origin).matchAll(/^(?:import|export)\s(?:[^'";]*from\s)?'([^']+)'/gm)) {
    const needed = specifier.startsWith('.') ? join(path, '..', specifier) : specifier;
    if (seen.has(needed) || needed.startsWith('node:')) continue;
    seen.add(needed);
    if (specifier.startsWith('.')) needs(needed, stage, seen);
  }
  return seen;
}

const programs = (words: readonly string[]): readonly string[] => words.filter((word) => /\.m?js$/.test(word));
const isOneShot = (service: Service): boolean => service.restart === 'no';

describe('docker/Dockerfile', () => {
  it('copies only paths that exist and that .dockerignore lets through', () => {
    const allowed = read('.dockerignore')
      .split('\n')
      .flatMap((line) => /^!(.+)$/.exec(line)?.[1] ?? []);
    const sources = stages.flatMap(contextCopies).flatMap((copy) => copy.sources);
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect(sources.filter((path) => !allowed.some((entry) => path === entry || path.startsWith(`${entry}/`)))).toEqual(
      [],
    );
  });

  it('names packages that are installed where it copies from them', () => {
    const paths = dockerfile.match(/\/build\/node_modules\/\S+/g) ?? [];
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => !existsSync(join(ROOT, path.slice('/build/'.length))))).toEqual([]);
  });

  it.each(['admin-api', 'connector-worker', 'tools'])('%s runs as an ordinary user, without a shell', (name) => {
    const own = stageNamed(name);
    expect(instructions(own, 'USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const entryPoint = JSON.parse(instructions(own, 'ENTRYPOINT').at(-1)!) as string[];
    expect(entryPoint[0]).toBe('node');
  });

  it.each(['admin-api', 'connector-worker'])('%s starts its own main file and has a health check with node', (name) => {
    const own = stageNamed(name);
    expect(JSON.parse(instructions(own, 'ENTRYPOINT').at(-1)!)).toContain(`dist/apps/${name}/src/main.js`);
    expect(existsSync(join(ROOT, `apps/${name}/src/main.ts`))).toBe(true);
    const check = /^HEALTHCHECK .*CMD (\[.*\])$/m.exec(own.lines.join('\n'))?.[1] ?? fail('no health check');
    const words = JSON.parse(check) as string[];
    expect(words[0]).toBe('node');
    for (const program of programs(words)) expect(existsSync(join(ROOT, originOf(program, own)!))).toBe(true);
  });

  it('knows every LOCKSTEP_ variable', () => {
    const names = dockerfile.match(/LOCKSTEP_[A-Z_]+/g) ?? [];
    expect(names.filter((name) => !isKnownVariable(name))).toEqual([]);
  });
});

describe('docker/compose.yaml', () => {
  it('is named lockstep and parses into services, networks and volumes', () => {
    expect(compose.name).toBe('lockstep');
    expect(services.map(([name]) => name)).toEqual(
      expect.arrayContaining(['mongodb', 'elasticsearch', 'admin-api', 'connector-worker', 'keys', 'token', 'sample']),
    );
  });

  it.each(services)('%s is confined and no root', (_, service) => {
    expect(service.user).toMatch(/^[1-9]\d*:\d+$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  it.each(services.filter(([, { build }]) => build !== undefined))(
    '%s, built here, has a read-only root',
    (_, service) => {
      expect(service.read_only).toBe(true);
      expect(resolve(ROOT, 'docker', service.build!.context)).toBe(ROOT);
      expect(service.build!.dockerfile).toBe('docker/Dockerfile');
      expect(stages.map(({ name }) => name)).toContain(service.build!.target);
    },
  );

  it.each(services)('%s has a health check or ends by itself', (_, service) => {
    expect(isOneShot(service) ? service.healthcheck === undefined : service.healthcheck !== undefined).toBe(true);
  });

  it.each(services)('%s waits for what is healthy or complete', (_, service) => {
    for (const [name, { condition }] of Object.entries(service.depends_on ?? {})) {
      const needed = compose.services[name] ?? fail(`${name} is no service`);
      expect(condition).toBe(isOneShot(needed) ? 'service_completed_successfully' : 'service_healthy');
    }
  });

  it.each(services)('%s names programs that are in its image with all that they import', (_, service) => {
    const words = [...(service.entrypoint ?? []), ...(service.command ?? []), ...(service.healthcheck?.test ?? [])];
    if (service.build === undefined) return;
    for (const program of programs(words)) {
      const needed = [...needs(program, stageNamed(service.build.target))];
      expect(needed.filter((name) => name.startsWith('missing: '))).toEqual([]);
      expect(needed.filter((name) => !name.includes('/') && !production.includes(name))).toEqual([]);
    }
  });

  it.each(services)('%s mounts declared volumes and joins declared networks', (_, service) => {
    for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    for (const network of service.networks ?? []) expect(Object.keys(compose.networks)).toContain(network);
    expect(service.networks !== undefined || service.network_mode === 'none').toBe(true);
  });

  it('knows every LOCKSTEP_ variable, as each app does', () => {
    const names = [...new Set((composeText + read('docker/.env.example')).match(/LOCKSTEP_[A-Z_]+/g))];
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !isKnownVariable(name))).toEqual([]);
    for (const app of ['admin-api', 'connector-worker'] as const) {
      const given = Object.keys(compose.services[app]!.environment ?? {});
      const read = SETTINGS_CATALOGUE.filter(({ readBy }) => readBy.includes(app)).flatMap((s) => [
        s.name,
        `${s.name}_FILE`,
      ]);
      expect(given.filter((name) => !read.includes(name))).toEqual([]);
      const required = SETTINGS_CATALOGUE.filter(({ requiredBy }) => requiredBy.includes(app)).map(({ name }) => name);
      expect(required.filter((name) => !given.includes(name))).toEqual([]);
    }
  });

  it('gives the private key to the worker alone, and both halves read-only', () => {
    const mounting = (volume: string) =>
      services.flatMap(([name, { volumes = [] }]) =>
        volumes
          .filter((entry) => entry.startsWith(`${volume}:`))
          .map((entry) => `${name} ${entry.split(':')[2] ?? 'rw'}`),
      );
    expect(mounting('private-keys').sort()).toEqual(['connector-worker ro', 'keys rw']);
    expect(mounting('public-keys').sort()).toEqual(['admin-api ro', 'keys rw']);
    expect(mounting('api-token').sort()).toEqual(['admin-api ro', 'token rw']);
  });

  it('publishes the API on loopback, and nothing else', () => {
    expect(services.flatMap(([name, { ports = [] }]) => ports.map((port) => `${name} ${port}`))).toEqual([
      'admin-api 127.0.0.1:${LOCKSTEP_API_PORT:-9292}:9292',
    ]);
  });

  it('keeps the servers, which have no passwords, on the internal network', () => {
    expect(compose.networks.backend).toEqual({ internal: true });
    for (const name of ['mongodb', 'elasticsearch']) expect(compose.services[name]!.networks).toEqual(['backend']);
  });

  it('has the tokens by file, never in the environment', () => {
    const variables = services.flatMap(([, { environment = {} }]) => Object.keys(environment));
    const secrets = SETTINGS_CATALOGUE.filter(({ isSecret, readBy }) => isSecret && !readBy.includes('make'));
    expect(secrets.filter(({ name }) => variables.includes(name))).toEqual([]);
    expect(compose.services['admin-api']!.environment).toHaveProperty('LOCKSTEP_API_TOKEN_FILE');
  });

  it('uses the servers that the local stack uses with Docker, from no named registry', () => {
    const artefacts = read('scripts/stack/artefacts.mjs');
    const version = /version: '(8\.[^']+)'/.exec(artefacts)?.[1];
    expect(compose.services.elasticsearch!.image).toBe(`elasticsearch:\${ELASTICSEARCH_VERSION:-${version}}`);
    expect(compose.services.mongodb!.image).toBe('mongo:${MONGODB_VERSION:-8}');
    expect(artefacts).toContain("mongodb: 'mongo:8'");
    for (const [, { image }] of services) expect(image).not.toContain('/');
  });

  it('offers every variable in docker/.env.example with the default that holds', () => {
    const offered =
      read('docker/.env.example')
        .match(/^#[A-Z_]+=.*$/gm)
        ?.map((line) => line.slice(1)) ?? [];
    const used = new Set(
      [...composeText.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)].map(([, name, value]) => `${name}=${value}`),
    );
    expect(offered.sort()).toEqual([...used].sort());
  });
});
