/** One field that the API refused. */
export interface FieldProblem {
  /** JSON pointer into the request body, e.g. `/source/uri`. */
  readonly pointer: string;
  readonly message: string;
  readonly code: string | null;
}

/** What went wrong with a request, in words that can be shown. */
export interface Problem {
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  /** Stable code of the error catalogue; null when the answer did not come from the API. */
  readonly code: string | null;
  readonly title: string;
  readonly detail: string | null;
  /** What the operator can do. */
  readonly remedy: string | null;
  readonly fields: readonly FieldProblem[];
}

/** A request that ended in a {@link Problem}. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.title, options);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** Reads a problem+json body; anything else becomes a problem that says what the server answered. */
export function readProblem(status: number, body: unknown): Problem {
  const record = asRecord(body);
  return {
    status,
    code: textOf(record.code),
    title: textOf(record.title) ?? defaultTitle(status),
    detail: textOf(record.detail),
    remedy: textOf(record.remedy),
    fields: fieldsOf(record.errors ?? record.fields),
  };
}

/** The problem of a request that got no answer at all. */
export function unreachableProblem(): Problem {
  return {
    status: 0,
    code: null,
    title: 'The admin API does not answer',
    detail: null,
    remedy: 'Check that the service runs and that this browser can reach it.',
    fields: [],
  };
}

/** Whatever was thrown, as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 0, code: null, title: 'The request failed', detail, remedy: null, fields: [] };
}

function defaultTitle(status: number): string {
  if (status === 401) return 'A token is needed';
  if (status === 403) return 'This token is not allowed to do that';
  if (status === 404) return 'Not found';
  if (status >= 500) return 'The admin API has a problem';
  return `The admin API answered ${status}`;
}

function fieldsOf(value: unknown): readonly FieldProblem[] {
  if (!Array.isArray(value)) return [];
  return value.map((entry: unknown) => {
    const record = asRecord(entry);
    return {
      pointer: textOf(record.pointer) ?? '',
      message: textOf(record.message) ?? textOf(record.detail) ?? 'is not valid',
      code: textOf(record.code),
    };
  });
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
