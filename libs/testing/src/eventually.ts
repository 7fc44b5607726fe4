export interface EventuallyOptions {
  /** Milliseconds until it counts as failed: a bound, not a wait. @defaultValue 60 000 */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. @defaultValue 50 at first, more the longer it takes, up to 250 */
  readonly intervalMs?: number;
  /** What is waited for; part of the failure's message. */
  readonly what?: string;
}

const FIRST_INTERVAL_MS = 50;
const LAST_INTERVAL_MS = 250;

type Falsy = false | 0 | '' | null | undefined;

/**
 * Looks until `look` returns something truthy, and returns that. A look that throws counts as "not yet".
 * @throws Error that names what was waited for and the last thing seen, once the time is over
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { timeoutMs = 60_000, intervalMs, what = 'the condition' }: EventuallyOptions = {},
): Promise<Exclude<T, Falsy>> {
  const deadlineMs = performance.now() + timeoutMs;
  // A look costs the servers that are waited for.
  for (let waitMs = FIRST_INTERVAL_MS; ; waitMs = Math.min(waitMs * 1.1, LAST_INTERVAL_MS)) {
    const seen = await attempt(look);
    if (seen.value) return seen.value as Exclude<T, Falsy>;
    if (performance.now() > deadlineMs) {
      throw new Error(`${what} did not come true in ${timeoutMs} ms; last: ${describe(seen)}`, { cause: seen.error });
    }
    await new Promise((resolve) => setTimeout(resolve, intervalMs ?? waitMs));
  }
}

interface Look<T> {
  readonly value?: T;
  readonly error?: unknown;
}

async function attempt<T>(look: () => T | Promise<T>): Promise<Look<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    return { error };
  }
}

function describe(seen: Look<unknown>): string {
  if (seen.error instanceof Error) return seen.error.message;
  return JSON.stringify(seen.value ?? seen.error) ?? 'nothing';
}
