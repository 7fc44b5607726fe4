import { readFileSync, statSync } from 'node:fs';
import { settingProblem } from './parse-setting.js';
import { FOREIGN_PREFIXES, SETTINGS_CATALOGUE, type SettingDefinition } from './settings-catalogue.js';
import type { AppName } from './settings.js';
import { suggestName } from './suggest-name.js';

/** Raw text of the variables of one app, and all that was found on the way. */
export interface ReadVariables {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: string[];
  readonly warnings: string[];
}

const MAX_FILE_BYTES = 64 * 1024;
/** `LOCKSTEP_PORT=tcp://10.0.0.1:9292`: set by Docker links and Kubernetes services named "lockstep". */
const SERVICE_LINK_VALUE = /^(?:tcp|udp|sctp):\/\//;
const SERVICE_LINK_NAME =
  /_(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/;

const secretFileNames = SETTINGS_CATALOGUE.filter(({ isSecret, readBy }) => isSecret && !readBy.includes('make')).map(
  (setting) => `${setting.name}_FILE`,
);
const knownNames: readonly string[] = [...SETTINGS_CATALOGUE.map((setting) => setting.name), ...secretFileNames];

function checkNames(env: NodeJS.ProcessEnv, found: ReadVariables): NodeJS.ProcessEnv {
  const kept: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith('LOCKSTEP_') || value === undefined) continue;
    if (SERVICE_LINK_VALUE.test(value) || (!knownNames.includes(name) && SERVICE_LINK_NAME.test(name))) {
      found.warnings.push(`${name} looks like a service link of the container engine; it is ignored.`);
    } else if (knownNames.includes(name) || FOREIGN_PREFIXES.some((prefix) => name.startsWith(prefix))) {
      kept[name] = value;
    } else {
      const suggestion = suggestName(name, knownNames);
      found.problems.push(`${name} is not known${suggestion === null ? '' : `; did you mean ${suggestion}?`}`);
    }
  }
  return kept;
}

/** Reads a small file; one trailing line break is not part of the value. */
export function readSettingFile(name: string, path: string, found: ReadVariables): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > MAX_FILE_BYTES) {
      found.problems.push(`${name}: ${path} is not a file of at most 64 KiB`);
      return undefined;
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'error';
    found.problems.push(`${name}: ${path} cannot be read (${reason})`);
    return undefined;
  }
}

function readSecretFile(name: string, path: string, found: ReadVariables): string | undefined {
  const text = readSettingFile(name, path, found);
  if (text === undefined) return undefined;
  if ((statSync(path).mode & 0o004) !== 0) {
    found.warnings.push(`${name}: every user of this machine can read ${path}; chmod 600 it.`);
  }
  const value = text.replace(/\r?\n$/, '');
  if (value === '') found.problems.push(`${name}: ${path} is empty`);
  return value;
}

function rawValue(setting: SettingDefinition, env: NodeJS.ProcessEnv, found: ReadVariables): string | undefined {
  const direct = env[setting.name] === '' ? undefined : env[setting.name];
  const fileName = `${setting.name}_FILE`;
  const file = setting.isSecret && env[fileName] !== '' ? env[fileName] : undefined;
  if (direct !== undefined && file !== undefined) {
    found.problems.push(`${setting.name} and ${fileName} are both set; keep one`);
    return undefined;
  }
  return file === undefined ? direct : readSecretFile(fileName, file, found);
}

/** Reads what `app` needs; an empty variable counts as unset, as compose files pass it. */
export function readVariables(app: AppName, env: NodeJS.ProcessEnv): ReadVariables {
  const values = new Map<string, string>();
  const found: ReadVariables = { values, problems: [], warnings: [] };
  const known = checkNames(env, found);
  for (const setting of SETTINGS_CATALOGUE.filter(({ readBy }) => readBy.includes(app))) {
    const before = found.problems.length;
    const value = rawValue(setting, known, found) ?? setting.default ?? undefined;
    if (value === undefined) {
      if (setting.requiredBy.includes(app) && found.problems.length === before) {
        found.problems.push(`${setting.name} is missing: ${setting.description}`);
      }
      continue;
    }
    const problem = settingProblem(setting.kind, value);
    if (problem === null) values.set(setting.name, value);
    else found.problems.push(`${setting.name} ${problem}`);
  }
  return found;
}
