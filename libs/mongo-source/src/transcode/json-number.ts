import type { OutputBuffer } from './output-buffer.js';

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
/** Such as -0.0000012345678901234567. */
const LONGEST_NUMBER = 25;
const TWO_TO_32 = 4_294_967_296;
const TWO_TO_53 = 9_007_199_254_740_992;

/** `00` … `99`, each as the 16-bit little-endian word of its two ASCII digits. */
const PAIRS = Uint16Array.from({ length: 100 }, (_, n) => (ZERO + ((n / 10) | 0)) | ((ZERO + (n % 10)) << 8));

/** Writes two digits with a leading zero. */
export function writeTwoDigits(view: DataView, at: number, value: number): void {
  view.setUint16(at, PAIRS[value]!, true);
}

/** Writes 0 … 2^53 in plain digits at `at`, for which there must be room; returns the position behind them. */
export function writeDigits(view: DataView, at: number, value: number): number {
  if (value < 1_000_000_000) return writeSmall(view, at, value | 0);
  const high = Math.floor(value / 100_000_000);
  const behind = writeSmall(view, at, high | 0);
  writeEight(view, behind, (value - high * 100_000_000) | 0);
  return behind + 8;
}

export function writeInt32(out: OutputBuffer, value: number): void {
  out.ensure(LONGEST_NUMBER);
  if (value < 0) {
    out.bytes[out.position++] = MINUS;
    out.position = writeDigits(out.view, out.position, -value);
  } else {
    out.position = writeDigits(out.view, out.position, value);
  }
}

/** Writes the 64-bit integer made of two halves, to its last digit. */
export function writeInt64(out: OutputBuffer, high: number, low: number): void {
  out.ensure(LONGEST_NUMBER);
  let upper = high;
  let lower = low >>> 0;
  if (high < 0) {
    out.bytes[out.position++] = MINUS;
    lower = (~low + 1) >>> 0;
    upper = lower === 0 ? -high : ~high;
  }
  if (upper < 0x200000) {
    out.position = writeDigits(out.view, out.position, upper * TWO_TO_32 + lower);
    return;
  }
  // Long division by 10^9 in steps that stay below 2^53.
  const first = upper % 1_000_000_000;
  const step = first * 65_536 + (lower >>> 16);
  const next = (step % 1_000_000_000) * 65_536 + (lower & 0xffff);
  const quotient =
    Math.floor(upper / 1_000_000_000) * TWO_TO_32 +
    Math.floor(step / 1_000_000_000) * 65_536 +
    Math.floor(next / 1_000_000_000);
  const rest = next % 1_000_000_000;
  const behind = writeDigits(out.view, out.position, quotient);
  out.bytes[behind] = ZERO + ((rest / 100_000_000) | 0);
  writeEight(out.view, behind + 1, (rest % 100_000_000) | 0);
  out.position = behind + 9;
}

/** Writes a finite double: the shortest text that reads back as it, always with a `.` or an `e`. */
export function writeDouble(out: OutputBuffer, value: number): void {
  out.ensure(LONGEST_NUMBER);
  let size = value;
  if (value < 0) {
    out.bytes[out.position++] = MINUS;
    size = -value;
  }
  if (size < TWO_TO_53 && Math.floor(size) === size) {
    const at = writeDigits(out.view, out.position, size);
    out.bytes[at] = POINT;
    out.bytes[at + 1] = ZERO;
    out.position = at + 2;
  } else if (!writeShortFraction(out, size)) {
    writeText(out, String(size));
  }
}

/**
 * Writes numbers below 10^9 with at most six decimals. Decimals of up to 15 digits have doubles of their own, so
 * one that divides back to the same double is the shortest text.
 */
function writeShortFraction(out: OutputBuffer, size: number): boolean {
  if (size >= 1_000_000_000) return false;
  const millionths = Math.round(size * 1_000_000);
  if (millionths / 1_000_000 !== size) return false;
  const whole = Math.floor(millionths / 1_000_000);
  let fraction = (millionths - whole * 1_000_000) | 0;
  let at = writeSmall(out.view, out.position, whole | 0);
  out.bytes[at++] = POINT;
  let unit = 100_000;
  while (fraction > 0) {
    const digit = (fraction / unit) | 0;
    out.bytes[at++] = ZERO + digit;
    fraction -= digit * unit;
    unit = (unit / 10) | 0;
  }
  out.position = at;
  return true;
}

function writeText(out: OutputBuffer, text: string): void {
  let isWhole = true;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === POINT || code === 0x65) isWhole = false;
    out.bytes[out.position++] = code;
  }
  if (isWhole) {
    out.bytes[out.position++] = POINT;
    out.bytes[out.position++] = ZERO;
  }
}

/** 0 … 10^9 − 1. */
function writeSmall(view: DataView, at: number, value: number): number {
  const count = countDigits(value);
  let rest = value;
  let position = at + count;
  while (rest >= 100) {
    const quotient = (rest / 100) | 0;
    position -= 2;
    view.setUint16(position, PAIRS[rest - quotient * 100]!, true);
    rest = quotient;
  }
  if (rest >= 10) view.setUint16(at, PAIRS[rest]!, true);
  else view.setUint8(at, ZERO + rest);
  return at + count;
}

function countDigits(value: number): number {
  if (value < 10_000) return value < 100 ? (value < 10 ? 1 : 2) : value < 1_000 ? 3 : 4;
  if (value < 1_000_000) return value < 100_000 ? 5 : 6;
  return value < 10_000_000 ? 7 : value < 100_000_000 ? 8 : 9;
}

function writeEight(view: DataView, at: number, value: number): void {
  const high = (value / 10_000) | 0;
  const low = value - high * 10_000;
  const highPair = (high / 100) | 0;
  const lowPair = (low / 100) | 0;
  view.setUint16(at, PAIRS[highPair]!, true);
  view.setUint16(at + 2, PAIRS[high - highPair * 100]!, true);
  view.setUint16(at + 4, PAIRS[lowPair]!, true);
  view.setUint16(at + 6, PAIRS[low - lowPair * 100]!, true);
}
