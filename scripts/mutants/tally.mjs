import { say } from '../stack/progress.mjs';

const TICK_MS = 10_000;

/** Counts mutants by their fate. */
export class Tally {
  #total;
  #tried = 0;
  #counts = { killed: 0, explained: 0, unexplained: 0 };
  #stale = 0;
  #toldMs = performance.now();

  /** @param {number} total mutants */
  constructor(total) {
    this.#total = total;
  }

  /** @param {'killed' | 'explained' | 'unexplained'} fate @param {string} file for a sign of life now and then */
  add(fate, file) {
    this.#tried++;
    this.#counts[fate]++;
    if (performance.now() - this.#toldMs < TICK_MS) return;
    this.#toldMs = performance.now();
    say(`  … ${this.#tried} of ${this.#total}, ${this.#counts.unexplained} unexplained (${file})`);
  }

  /** An explanation that explains nothing. */
  addStale() {
    this.#stale++;
  }

  get isGood() {
    return this.#counts.unexplained + this.#stale === 0;
  }

  get text() {
    const { killed, explained, unexplained } = this.#counts;
    const stale = this.#stale === 0 ? '' : `, ${this.#stale} explanations of nothing`;
    return `${this.#total} mutants: ${killed} killed, ${explained} explained, ${unexplained} unexplained${stale}`;
  }
}
