import { isRecord } from '../input/input-object.js';

const isText = (value: unknown, form: RegExp): boolean => typeof value === 'string' && form.test(value);

const isWithin = (value: unknown, bits: bigint): boolean => {
  if (!isText(value, /^-?\d{1,19}$/)) return false;
  const number = BigInt(value as string);
  return number >= -(2n ** (bits - 1n)) && number < 2n ** (bits - 1n);
};

const isUint32 = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;

const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

function isDate(value: unknown): boolean {
  if (isRecord(value)) return Object.keys(value).length === 1 && isWithin(value.$numberLong, 64n);
  return Number.isSafeInteger(value) || (isText(value, DATE) && !Number.isNaN(Date.parse(value as string)));
}

interface Form {
  readonly isRight: (content: unknown) => boolean;
  readonly what: string;
}

/** What each wrapper holds. The driver would take most of what is wrong for something else: a bad date for 1970. */
const FORMS: Readonly<Record<string, Form>> = {
  $oid: { isRight: (value) => isText(value, /^[0-9a-f]{24}$/i), what: '24 hex digits' },
  $date: { isRight: isDate, what: 'an ISO 8601 time with a zone, or milliseconds as {"$numberLong": "…"}' },
  $numberInt: { isRight: (value) => isWithin(value, 32n), what: 'the text of a whole number of 32 bits' },
  $numberLong: { isRight: (value) => isWithin(value, 64n), what: 'the text of a whole number of 64 bits' },
  $numberDouble: {
    isRight: (value) => isText(value, /^(-?\d+(\.\d+)?([eE][+-]?\d+)?|-?Infinity|NaN)$/),
    what: 'the text of a number',
  },
  $numberDecimal: {
    isRight: (value) => isText(value, /^(-?\d{1,34}(\.\d{1,34})?([eE][+-]?\d{1,4})?|-?Infinity|NaN)$/),
    what: 'the text of a decimal number',
  },
  $binary: {
    isRight: (value) =>
      isRecord(value) &&
      isText(value.base64, /^[A-Za-z0-9+/]*={0,2}$/) &&
      isText(value.subType, /^[0-9a-f]{1,2}$/i) &&
      Object.keys(value).length === 2,
    what: '{base64, subType}',
  },
  $uuid: { isRight: (value) => isText(value, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i), what: 'a UUID' },
  $timestamp: {
    isRight: (value) => isRecord(value) && isUint32(value.t) && isUint32(value.i) && Object.keys(value).length === 2,
    what: '{t, i}',
  },
  $minKey: { isRight: (value) => value === 1, what: '1' },
  $maxKey: { isRight: (value) => value === 1, what: '1' },
  $symbol: { isRight: (value) => typeof value === 'string', what: 'a text' },
};

/**
 * What is wrong with a value of Extended JSON, to be written behind its pointer; null when nothing is. Pure.
 * @param wrapper one of the names that stand for a value, such as `$oid`; `$regularExpression` is checked elsewhere
 */
export function extendedValueProblem(wrapper: string, content: unknown): string | null {
  const form = Object.hasOwn(FORMS, wrapper) ? FORMS[wrapper] : undefined;
  return form === undefined || form.isRight(content) ? null : `must be ${form.what}`;
}

/** A whole number that JSON cannot carry exactly; null when there is nothing wrong. Pure. */
export function numberProblem(value: number): string | null {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return null;
  return 'is a whole number beyond 2^53: write it as {"$numberLong": "…"} or {"$numberDouble": "…"}';
}
