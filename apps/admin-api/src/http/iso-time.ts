import { ValidateBy } from 'class-validator';

const FORM = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/** From 1970 on, and before the year 10 000, in which the form ends. */
const END_MS = Date.parse('9999-12-31T23:59:59.999Z');

/**
 * The time that a request names, milliseconds since 1970; undefined unless it is ISO 8601 with a time of day and a zone,
 * as RFC 3339 has it. Weeks, days of the year and times without a zone are left out: clients read them in different ways,
 * and Node.js some of them not at all. Pure.
 */
export function isoTimeMs(text: string): number | undefined {
  const day = FORM.exec(text)?.[1];
  // A day that its month does not have would become one of the next month.
  if (day === undefined || !isDay(day)) return undefined;
  const ms = Date.parse(text);
  return ms >= 0 && ms <= END_MS ? ms : undefined;
}

function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

/** A field of a body or query that `isoTimeMs` can read. */
export function IsIsoTime(): PropertyDecorator {
  return ValidateBy({
    name: 'isIsoTime',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && isoTimeMs(value) !== undefined,
      defaultMessage: () => '$property must be an ISO 8601 time with a time zone',
    },
  });
}
