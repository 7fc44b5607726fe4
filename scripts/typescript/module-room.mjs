import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { transformSync } from '@swc/core';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const LIBRARY = /^@lockstep\/(.+)$/;
/** In the process itself, for threads that are ended at any time. */
const COMPILER = {
  swcrc: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    target: 'es2022',
    keepClassNames: true,
  },
  module: { type: 'commonjs' },
};

/** Compiled wrappers by path; every room runs them anew. */
const compiled = new Map();

/** @param {string} source TypeScript @param {string} path for stack traces */
function compile(source, path) {
  const { code } = transformSync(source, { ...COMPILER, filename: path });
  const wrapped = `(function (exports, require, module, __filename, __dirname) {${code}\n})`;
  return new Script(wrapped, { filename: path }).runInThisContext();
}

/**
 * Loads TypeScript modules of this repository without a build. Each room has modules of its own, evaluated when they
 * are first asked for; packages are Node's.
 */
export class ModuleRoom {
  #modules = new Map();
  #replaced;

  /** @param {ReadonlyMap<string, string>} [replaced] TypeScript that stands for the file at an absolute path */
  constructor(replaced = new Map()) {
    this.#replaced = replaced;
  }

  /** @param {string} path below the repository, such as `libs/core/src/index.ts` @returns {any} its exports */
  load(path) {
    return this.#module(resolve(ROOT, path)).exports;
  }

  /** Files of this room that were loaded, below the repository. @returns {string[]} */
  get loaded() {
    return [...this.#modules.keys()].map((path) => relative(ROOT, path));
  }

  #module(path) {
    const known = this.#modules.get(path);
    if (known !== undefined) return known;
    const module = { exports: {} };
    this.#modules.set(path, module);
    const fromPackages = createRequire(path);
    const require = (name) => {
      const file = fileOf(name, path);
      return file === null ? fromPackages(name) : this.#module(file).exports;
    };
    this.#function(path)(module.exports, require, module, path, dirname(path));
    return module;
  }

  #function(path) {
    const source = this.#replaced.get(path);
    if (source !== undefined) return compile(source, path);
    let made = compiled.get(path);
    if (made === undefined) compiled.set(path, (made = compile(readFileSync(path, 'utf8'), path)));
    return made;
  }
}

/** The TypeScript file that an import means; null for packages. */
function fileOf(name, importer) {
  const library = LIBRARY.exec(name);
  if (library !== null) return join(ROOT, 'libs', library[1], 'src/index.ts');
  if (!name.startsWith('.')) return null;
  const file = resolve(dirname(importer), name.replace(/\.js$/, '.ts'));
  return file.endsWith('.ts') && existsSync(file) ? file : null;
}
