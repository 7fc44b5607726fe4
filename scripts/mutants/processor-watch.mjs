import { readFileSync } from 'node:fs';

/** A test that takes so many times as long as without a mutant, and some more, will not end. */
const TOO_MANY_TIMES = 10;
const MORE_MS = 700;
/** Nobody waits so long for a processor. */
const STUCK_MS = 600_000;
/** Linux on x86-64 counts the time of processes in hundredths of a second. */
const TICK_MS = 10;

/** Processor time of this process so far: unlike the clock's it says the same on a busy machine. */
export function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Processor time of another process, from `/proc` (man 5 proc); 0 when it has ended. */
function processorMsOf(pid) {
  let stat = '';
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return 0;
  }
  // Behind the name, which may hold anything: state is the first field, the user's ticks the twelfth.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Watches how long the question at hand has been taking. */
export class ProcessorWatch {
  /** The question at hand. */
  at = -1;
  #pid;
  #usualMs;
  #watchedAt = NaN;
  #sinceMs = 0;
  #lookedMs = 0;

  /**
   * @param {number} pid of the process that answers
   * @param {(at: number) => number} usualMs what a question takes without a mutant
   */
  constructor(pid, usualMs) {
    this.#pid = pid;
    this.#usualMs = usualMs;
  }

  /** True when the question will not come to an end. */
  get isOver() {
    const ms = processorMsOf(this.#pid);
    if (this.at !== this.#watchedAt) {
      this.#watchedAt = this.at;
      this.#sinceMs = ms;
      this.#lookedMs = performance.now();
    }
    return ms - this.#sinceMs > this.#usualMs(this.at) * TOO_MANY_TIMES + MORE_MS;
  }

  /** True when the question takes no time of the processor either. */
  get isStuck() {
    return performance.now() - this.#lookedMs > STUCK_MS;
  }
}
