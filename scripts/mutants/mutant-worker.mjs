// Asks tests about one mutant after the other, on a thread that can be ended when a mutant never does.
import { parentPort, workerData } from 'node:worker_threads';
import { testsOf } from './spec-room.mjs';

const LOADING = -1;
const { specs, questions, asked } = workerData;

/**
 * @param {ReadonlyMap<string, string>} replaced sources by absolute path
 * @param {readonly number[]} sequence numbers of questions
 * @returns {number | null} the first question that is answered in another way, −1 when it cannot be loaded; null for none
 */
function killer(replaced, sequence) {
  Atomics.store(asked, 0, LOADING);
  const tests = new Map();
  try {
    for (const test of testsOf(specs, replaced)) tests.set(test.name, test);
  } catch {
    return LOADING;
  }
  for (const [i, question] of sequence.entries()) {
    Atomics.store(asked, 0, i);
    const { name, share } = questions[question];
    try {
      tests.get(name).run(share);
    } catch {
      return question;
    }
  }
  return null;
}

// What is done once only (packages loaded, sources compiled, tables made) is done before the first mutant is timed.
const usual = new Map(testsOf(specs).map((test) => [test.name, test]));
for (const { name, share, isLong } of questions) if (!isLong) usual.get(name).run(share);
parentPort.postMessage('ready');
parentPort.on('message', ({ replaced, sequence }) => parentPort.postMessage(killer(new Map(replaced), sequence)));
