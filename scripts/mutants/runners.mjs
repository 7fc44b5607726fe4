import { MutantRunner } from './mutant-runner.mjs';

/** Runners for the specs that are asked about a file: its own spec first, then all of its folder. */
export class Runners {
  #root;
  #specs;
  #bySpecs = new Map();

  /** @param {string} root of the folders, below the repository @param {readonly string[]} specs below the root */
  constructor(root, specs) {
    this.#root = root;
    this.#specs = specs;
  }

  /** @param {string} file below the root @returns {Iterable<MutantRunner>} made when they are first asked for */
  *of(file) {
    const own = ownSpec(file);
    if (this.#specs.includes(own)) yield this.#runner([own]);
    yield this.#runner(this.#specs.filter((spec) => spec.startsWith(`${file.split('/')[0]}/`)));
  }

  /** No more is asked about this file. @throws Error when its mutants left something behind */
  async endFile(file) {
    for (const runner of this.#bySpecs.values()) {
      await runner.checkProcess();
      runner.learnAnew();
    }
    await this.#bySpecs.get(ownSpec(file))?.stop();
    this.#bySpecs.delete(ownSpec(file));
  }

  async stop() {
    for (const runner of this.#bySpecs.values()) await runner.stop();
  }

  #runner(specs) {
    const key = specs.join();
    let runner = this.#bySpecs.get(key);
    if (runner === undefined)
      this.#bySpecs.set(key, (runner = new MutantRunner(specs.map((name) => `${this.#root}/${name}`))));
    return runner;
  }
}

function ownSpec(file) {
  return file.replace(/\.ts$/, '.spec.ts');
}
