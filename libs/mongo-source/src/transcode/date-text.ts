import { writeTwoDigits } from './json-number.js';
import type { OutputBuffer } from './output-buffer.js';

/** 0000-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z in milliseconds since 1970. */
const FIRST_MS = -62_167_219_200_000;
const LAST_MS = 253_402_300_799_999;
const DAY_MS = 86_400_000;
const QUOTE = 0x22;
const DASH = 0x2d;
const COLON = 0x3a;
const ZERO = 0x30;

/** True where ISO 8601 has four digits for the year. */
export function hasIsoText(ms: number): boolean {
  return ms >= FIRST_MS && ms <= LAST_MS;
}

/** Writes `"yyyy-mm-ddThh:mm:ss.mmmZ"` with its quotes, for a time that `hasIsoText`. */
export function writeIsoDate(out: OutputBuffer, ms: number): void {
  out.ensure(26);
  const { view, bytes } = out;
  const at = out.position;
  const day = Math.floor(ms / DAY_MS);
  bytes[at] = QUOTE;
  writeDay(out, at + 1, day);
  let rest = (ms - day * DAY_MS) | 0;
  const hours = (rest / 3_600_000) | 0;
  rest -= hours * 3_600_000;
  const minutes = (rest / 60_000) | 0;
  rest -= minutes * 60_000;
  const seconds = (rest / 1_000) | 0;
  rest -= seconds * 1_000;
  bytes[at + 11] = 0x54;
  writeTwoDigits(view, at + 12, hours);
  bytes[at + 14] = COLON;
  writeTwoDigits(view, at + 15, minutes);
  bytes[at + 17] = COLON;
  writeTwoDigits(view, at + 18, seconds);
  bytes[at + 20] = 0x2e;
  const hundreds = (rest / 100) | 0;
  bytes[at + 21] = ZERO + hundreds;
  writeTwoDigits(view, at + 22, rest - hundreds * 100);
  bytes[at + 24] = 0x5a;
  bytes[at + 25] = QUOTE;
  out.position = at + 26;
}

/** Writes `yyyy-mm-dd` of a day number (0 is 1970-01-01) in the proleptic Gregorian calendar. */
function writeDay({ bytes, view }: OutputBuffer, at: number, day: number): void {
  // Years begin in March here, so that the leap day is the last of its year; an era is 400 years.
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = (shifted - era * 146_097) | 0;
  const yearOfEra =
    ((dayOfEra - ((dayOfEra / 1_460) | 0) + ((dayOfEra / 36_524) | 0) - ((dayOfEra / 146_096) | 0)) / 365) | 0;
  const dayOfYear = dayOfEra - (365 * yearOfEra + (yearOfEra >> 2) - ((yearOfEra / 100) | 0));
  const monthFromMarch = ((5 * dayOfYear + 2) / 153) | 0;
  const dayOfMonth = dayOfYear - (((153 * monthFromMarch + 2) / 5) | 0) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = (yearOfEra + era * 400 + (month <= 2 ? 1 : 0)) | 0;
  const century = (year / 100) | 0;
  writeTwoDigits(view, at, century);
  writeTwoDigits(view, at + 2, year - century * 100);
  bytes[at + 4] = DASH;
  writeTwoDigits(view, at + 5, month);
  bytes[at + 7] = DASH;
  writeTwoDigits(view, at + 8, dayOfMonth);
}
