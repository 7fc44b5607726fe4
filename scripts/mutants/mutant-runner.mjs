import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { ModuleRoom } from '../typescript/module-room.mjs';
import { ProcessorWatch, processorMs } from './processor-watch.mjs';
import { testsOf } from './spec-room.mjs';

const LOOK_MS = 25;
const MEGABYTES = 512;
/** Properties whose tests take longer are asked with some of their inputs first. */
const LONG_MS = 20;
const FEW_INPUTS = 0.1;
const LOADING = -1;
const { QuestionOrder } = new ModuleRoom().load('libs/testing/src/mutants/question-order.ts');

/**
 * Asks the tests of some specs about mutants, one mutant at a time on a thread of its own; first the tests that are most
 * likely to find it out in little time.
 */
export class MutantRunner {
  #specs;
  #questions;
  #order;
  #worker = null;
  #asked = new Int32Array(new SharedArrayBuffer(4));

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

  /** The tests have to pass on the same thread without a mutant, whatever was asked there before. @throws Error */
  async checkThread() {
    const killer = await this.run([], { isQuick: true });
    if (killer !== null) throw new Error(`a mutant spoiled the thread: "${killer}" fails without one`);
  }

  async stop() {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }

  async #ask(replaced, sequence) {
    const worker = (this.#worker ??= await this.#start());
    return new Promise((resolve, reject) => {
      const watch = new ProcessorWatch(this.#asked, (at) => this.#questions[sequence[at]]?.wholeMs ?? LONG_MS);
      const answer = (question) => {
        leave();
        resolve(question === null ? null : { question, isEndless: false });
      };
      const giveUp = () => {
        leave();
        const verdict = { question: sequence[Atomics.load(this.#asked, 0)] ?? LOADING, isEndless: true };
        // Its time would count for the next mutant as long as it runs.
        this.stop().then(() => resolve(verdict), reject);
      };
      const timer = setInterval(() => {
        if (watch.isOver) giveUp();
        else if (watch.isStuck) reject(new Error('the thread of the tests stands still'));
      }, LOOK_MS);
      const leave = () => {
        clearInterval(timer);
        worker.off('message', answer);
        worker.off('error', giveUp);
      };
      worker.on('message', answer);
      worker.on('error', giveUp);
      worker.postMessage({ replaced, sequence });
    });
  }

  async #start() {
    const worker = new Worker(new URL('mutant-worker.mjs', import.meta.url), {
      workerData: { specs: this.#specs, questions: this.#questions, asked: this.#asked },
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
      stderr: true,
      stdout: true,
    });
    await once(worker, 'message');
    return worker;
  }
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
