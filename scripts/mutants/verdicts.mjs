import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** Keeps what was found out in a file, so that a run that was stopped goes on. It counts for the same sources only. */
export class Verdicts {
  #path;
  #fingerprint;
  #known = new Map();

  /**
   * @param {string | undefined} path nothing is kept without one
   * @param {readonly string[]} sources everything that a verdict may depend on
   */
  constructor(path, sources) {
    this.#path = path;
    const hash = createHash('sha256');
    for (const source of sources) hash.update(source).update('\0');
    this.#fingerprint = hash.digest('hex').slice(0, 16);
    if (path === undefined || !existsSync(path)) return;
    for (const line of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
      const { fingerprint, file, label, killer } = JSON.parse(line);
      if (fingerprint === this.#fingerprint) this.#known.set(`${file}\0${label}`, killer);
    }
  }

  /** @returns {string | null | undefined} what killed it, null for a survivor, undefined when it was not tried */
  of(file, label) {
    return this.#known.get(`${file}\0${label}`);
  }

  /** @param {string} file @param {string} label @param {string | null} killer */
  add(file, label, killer) {
    if (this.#path === undefined) return;
    appendFileSync(this.#path, `${JSON.stringify({ fingerprint: this.#fingerprint, file, label, killer })}\n`);
  }
}
