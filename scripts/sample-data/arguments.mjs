import { parseArgs } from 'node:util';

/**
 * Reads `--name value` arguments; an environment variable of the upper-case name is the default, as make passes it.
 * @param {Record<string, { type: 'string' | 'boolean', fallback?: string }>} options
 * @returns {Record<string, string | boolean | undefined>}
 */
export function readArguments(options) {
  const { values } = parseArgs({
    options: Object.fromEntries(Object.entries(options).map(([name, { type }]) => [name, { type }])),
  });
  return Object.fromEntries(
    Object.entries(options).map(([name, { fallback }]) => [
      name,
      values[name] ?? process.env[name.toUpperCase()] ?? fallback,
    ]),
  );
}

/** @param {unknown} value @param {string} name @param {{ min: number, max: number }} range */
export function wholeNumber(value, name, { min, max }) {
  const number = Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new Error(`${name} has to be a whole number from ${min} to ${max}, not "${String(value)}"`);
  }
  return number;
}

/** Ends the process with one readable line when something goes wrong. @param {() => Promise<void>} main */
export function runMain(main) {
  main().catch((error) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
