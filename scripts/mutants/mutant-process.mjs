// Asks tests about one mutant after the other, in a process that can be ended when a mutant never does, and that a
// mutant without end to its memory ends by itself.
import { testsOf } from './spec-room.mjs';

const LOADING = -1;

function start({ specs, questions }) {
  // What is done once only (packages loaded, sources compiled, tables made) is done before the first mutant is timed.
  const usual = new Map(testsOf(specs).map((test) => [test.name, test]));
  for (const { name, share, isLong } of questions) if (!isLong) usual.get(name).run(share);
  process.on('message', ({ replaced, sequence }) =>
    process.send({ killer: killer({ specs, questions }, new Map(replaced), sequence) }),
  );
  process.send('ready');
}

/**
 * @param {ReadonlyMap<string, string>} replaced sources by absolute path
 * @param {readonly number[]} sequence numbers of questions
 * @returns {number | null} the first question that is answered in another way, −1 when it cannot be loaded; null for none
 */
function killer({ specs, questions }, replaced, sequence) {
  const tests = new Map();
  try {
    for (const test of testsOf(specs, replaced)) tests.set(test.name, test);
  } catch {
    return LOADING;
  }
  for (const [i, question] of sequence.entries()) {
    process.send({ asked: i });
    const { name, share } = questions[question];
    try {
      tests.get(name).run(share);
    } catch {
      return question;
    }
  }
  return null;
}

process.once('message', start);
