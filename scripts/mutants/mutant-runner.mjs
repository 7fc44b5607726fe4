import { fork } from 'node:child_process';
import { once } from 'node:events';
import { ModuleRoom } from '../typescript/module-room.mjs';
import { ProcessorWatch, processorMs } from './processor-watch.mjs';
import { testsOf } from './spec-room.mjs';

const LOOK_MS = 25;
const MEGABYTES = 512;
/** Properties whose tests take longer are asked with some of their inputs first. */
const LONG_MS = 20;
const FEW_INPUTS = 0.1;
const LOADING = -1;
const START_MS = 600_000;
const { QuestionOrder } = new ModuleRoom().load('libs/testing/src/mutants/question-order.ts');

/**
 * Asks the tests of some specs about mutants, one mutant at a time in a process of its own; first the tests that are most
 * likely to find it out in little time.
 */
export class MutantRunner {
  #specs;
  #questions;
  #order;
  #process = null;

  /** @param {readonly string[]} specs below the repository @throws Error when a test fails without any mutant */
  constructor(specs) {
    this.#specs = specs;
    this.#questions = questionsOf(specs);
    this.learnAnew();
  }

  /** Forgets which tests found the mutants of the last file out. */
  learnAnew() {
    this.#order = new QuestionOrder(this.#questions.map(({ ms }) => ms));
  }

  /**
   * @param {readonly (readonly [path: string, source: string])[]} replaced absolute paths and mutants
   * @param {{ isQuick?: boolean }} [options] quick: long tests only with few inputs
   * @returns {Promise<string | null>} what found it out; null when nothing did
   */
  async run(replaced, { isQuick = false } = {}) {
    const all = this.#order.next();
    const sequence = isQuick ? all.filter((i) => !this.#questions[i].isLong) : all;
    const verdict = await this.#ask(replaced, sequence);
    if (verdict === null) return null;
    if (verdict.question !== LOADING) this.#order.foundOut(verdict.question);
    const what = verdict.question === LOADING ? 'loading' : this.#questions[verdict.question].name;
    return verdict.isEndless ? `no end of ${what}` : what;
  }

  /** The tests have to pass in the same process without a mutant, whatever was asked there before. @throws Error */
  async checkProcess() {
    const killer = await this.run([], { isQuick: true });
    if (killer !== null) throw new Error(`a mutant spoiled the process: "${killer}" fails without one`);
  }

  async stop() {
    const answering = this.#process;
    this.#process = null;
    if (answering === null || isEnded(answering)) return;
    answering.kill('SIGKILL');
    await once(answering, 'exit');
  }

  async #ask(replaced, sequence) {
    const answering = await this.#running();
    return new Promise((resolve, reject) => {
      const watch = new ProcessorWatch(answering.pid, (at) => this.#questions[sequence[at]]?.wholeMs ?? LONG_MS);
      const hear = ({ asked, killer }) => {
        if (asked !== undefined) {
          watch.at = asked;
          return;
        }
        leave();
        resolve(killer === null ? null : { question: killer, isEndless: false });
      };
      const giveUp = () => {
        leave();
        const verdict = { question: sequence[watch.at] ?? LOADING, isEndless: true };
        this.stop().then(() => resolve(verdict), reject);
      };
      const timer = setInterval(() => {
        if (watch.isOver) giveUp();
        else if (watch.isStuck) reject(new Error('the process of the tests stands still'));
      }, LOOK_MS);
      const leave = () => {
        clearInterval(timer);
        answering.off('message', hear);
        answering.off('exit', giveUp);
      };
      answering.on('message', hear);
      answering.on('exit', giveUp);
      answering.send({ replaced, sequence });
    });
  }

  async #running() {
    if (this.#process !== null && !isEnded(this.#process)) return this.#process;
    const started = fork(new URL('mutant-process.mjs', import.meta.url), {
      execArgv: [`--max-old-space-size=${MEGABYTES}`],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.#process = started;
    started.send({ specs: this.#specs, questions: this.#questions });
    const signal = AbortSignal.timeout(START_MS);
    const [said] = await Promise.race([once(started, 'message', { signal }), once(started, 'exit', { signal })]);
    if (said !== 'ready') throw new Error('the process of the tests ended before the first mutant');
    return started;
  }
}

function isEnded({ exitCode, signalCode }) {
  return exitCode !== null || signalCode !== null;
}

/** Every test with all of its inputs; long ones also with a few. */
function questionsOf(specs) {
  const whole = testsOf(specs).map((test) => timed(test, 1));
  const tests = new Map(testsOf(specs).map((test) => [test.name, test]));
  const short = whole
    .filter(({ isLong }) => isLong)
    .map(({ name, wholeMs }) => ({ ...timed(tests.get(name), FEW_INPUTS), wholeMs, isLong: false }));
  return [...whole, ...short];
}

function timed({ name, run }, share) {
  const startedMs = processorMs();
  try {
    run(share);
  } catch (error) {
    throw new Error(`without any mutant, "${name}" fails: ${error instanceof Error ? error.message : String(error)}`);
  }
  const ms = processorMs() - startedMs;
  return { name, share, ms, wholeMs: ms, isLong: ms > LONG_MS };
}
