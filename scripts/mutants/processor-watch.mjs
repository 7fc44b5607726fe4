/** A test that takes so many times as long as without a mutant, and some more, will not end. */
const TOO_MANY_TIMES = 10;
const MORE_MS = 700;
/** Nobody waits so long for a processor. */
const STUCK_MS = 600_000;

/** Processor time of this process so far: unlike the clock's it says the same on a busy machine. */
export function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Watches how long the question at hand has been taking. */
export class ProcessorWatch {
  #asked;
  #usualMs;
  #at = NaN;
  #sinceMs = 0;
  #lookedMs = 0;

  /**
   * @param {Int32Array} asked its first number is the question at hand
   * @param {(at: number) => number} usualMs what a question takes without a mutant
   */
  constructor(asked, usualMs) {
    this.#asked = asked;
    this.#usualMs = usualMs;
  }

  /** True when the question will not come to an end. */
  get isOver() {
    const at = Atomics.load(this.#asked, 0);
    if (at !== this.#at) {
      this.#at = at;
      this.#sinceMs = processorMs();
      this.#lookedMs = performance.now();
    }
    return processorMs() - this.#sinceMs > this.#usualMs(at) * TOO_MANY_TIMES + MORE_MS;
  }

  /** True when the question takes no time of the processor either. */
  get isStuck() {
    return performance.now() - this.#lookedMs > STUCK_MS;
  }
}
