/** A fault that a person can act on: shown as one line, without a stack trace. */
export class StackError extends Error {
  name = 'StackError';
}

const TICK_MS = 5_000;

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one long step visibly: its name, a sign of life every five seconds, and how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const startedMs = performance.now();
  const seconds = () => `${Math.round((performance.now() - startedMs) / 1000)} s`;
  say(`• ${what} …`);
  const timer = setInterval(() => say(`  … ${what}: ${seconds()}`), TICK_MS);
  try {
    const result = await work();
    say(`✔ ${what} (${seconds()})`);
    return result;
  } catch (error) {
    say(`✘ ${what} (${seconds()})`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

/**
 * The end of every command line here: a fault becomes one honest line and exit code 1.
 * @param {() => Promise<void>} main
 */
export function runMain(main) {
  main().catch((error) => {
    say(error instanceof StackError ? `error: ${error.message}` : String(error?.stack ?? error));
    process.exitCode = 1;
  });
}
