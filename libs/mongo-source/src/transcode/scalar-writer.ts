import { isUtf8 } from 'node:buffer';
import { writeBase64 } from './base64-text.js';
import { binaryEnd, BSON, codeWithScopeEnd, CORRUPT, stringEnd, textEnd } from './bson-layout.js';
import type { ConversionPolicies } from './conversion-policies.js';
import type { NoteCounter } from './conversion-notes.js';
import { hasIsoText, writeIsoDate } from './date-text.js';
import { decimalText, writeShortDecimal } from './decimal128-text.js';
import { writeObjectId, writeUuid } from './hex-text.js';
import { writeDouble, writeInt32, writeInt64 } from './json-number.js';
import { writeJsonText } from './json-string.js';
import type { OutputBuffer } from './output-buffer.js';

/** What `write` returns instead of a position when a policy refuses the value. */
export const REFUSED = -2;

const UUID_BYTES = 16;
const TWO_TO_32 = 4_294_967_296;
const QUOTE = 0x22;
const SLASH = 0x2f;
const LOWEST_HIGH = -0x80000000;
/** Significant digits that a double always keeps. */
const EXACT_DIGITS = 15;

/** True for a binary that is written as a UUID. */
export function isUuid(source: DataView, at: number): boolean {
  const subtype = source.getUint8(at + 4);
  return (subtype === 3 || subtype === 4) && source.getInt32(at, true) === UUID_BYTES;
}

/** Writes BSON values other than objects and arrays as JSON. */
export class ScalarWriter {
  /** Look at every text for bytes that are not UTF-8, and repair it. */
  repairsText = false;
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(this.bytes.buffer, 0, 0);

  constructor(
    private readonly out: OutputBuffer,
    private readonly notes: NoteCounter,
    private readonly policies: ConversionPolicies,
  ) {}

  read(bytes: Buffer, view: DataView): void {
    this.bytes = bytes;
    this.view = view;
  }

  /** Writes the value of `type` at `at`; returns the position behind it (at most `limit`), CORRUPT or REFUSED. */
  write(type: number, at: number, limit: number): number {
    switch (type) {
      case BSON.string:
      case BSON.symbol:
      case BSON.code:
        return this.writeString(at, limit);
      case BSON.objectId:
        if (at + 12 > limit) return CORRUPT;
        writeObjectId(this.out, this.bytes, at);
        return at + 12;
      case BSON.int32:
        if (at + 4 > limit) return CORRUPT;
        writeInt32(this.out, this.view.getInt32(at, true));
        return at + 4;
      case BSON.double:
        return at + 8 > limit ? CORRUPT : this.writeNumber(this.view.getFloat64(at, true), at + 8);
      case BSON.date:
        return at + 8 > limit ? CORRUPT : this.writeDate(at);
      case BSON.int64:
        if (at + 8 > limit) return CORRUPT;
        writeInt64(this.out, this.view.getInt32(at + 4, true), this.view.getInt32(at, true));
        return at + 8;
      case BSON.bool:
        return this.writeBool(at, limit);
      case BSON.null:
        this.writeAscii('null');
        return at;
      case BSON.decimal128:
        return at + 16 > limit ? CORRUPT : this.writeDecimal(at);
      case BSON.binary:
        return this.writeBinary(at, limit);
      default:
        return this.writeRare(type, at, limit);
    }
  }

  private writeRare(type: number, at: number, limit: number): number {
    switch (type) {
      case BSON.undefined:
        this.notes.add('undefinedDropped');
        this.writeAscii('null');
        return at;
      case BSON.minKey:
        this.writeAscii('"MinKey"');
        return at;
      case BSON.maxKey:
        this.writeAscii('"MaxKey"');
        return at;
      case BSON.timestamp:
        return at + 8 > limit ? CORRUPT : this.writeTimestamp(at);
      case BSON.regex:
        return this.writeRegex(at, limit);
      case BSON.dbPointer:
        return this.writeDbPointer(at, limit);
      case BSON.codeWithScope: {
        const end = codeWithScopeEnd(this.view, at, limit);
        if (end === CORRUPT) return CORRUPT;
        this.notes.add('scopeDropped');
        this.writeString(at + 4, end);
        return end;
      }
      default:
        return CORRUPT;
    }
  }

  private writeString(at: number, limit: number): number {
    const end = stringEnd(this.view, at, limit);
    if (end === CORRUPT) return CORRUPT;
    this.writeQuoted(at + 4, end - 1);
    return end;
  }

  private writeQuoted(from: number, to: number): void {
    this.writeByte(QUOTE);
    this.writeText(from, to);
    this.writeByte(QUOTE);
  }

  private writeText(from: number, to: number): void {
    if (this.repairsText && !isUtf8(this.bytes.subarray(from, to))) {
      this.notes.add('invalidUtf8');
      const repaired = Buffer.from(this.bytes.toString('utf8', from, to));
      const view = new DataView(repaired.buffer, repaired.byteOffset, repaired.byteLength);
      writeJsonText(this.out, view, 0, repaired.length);
    } else {
      writeJsonText(this.out, this.view, from, to);
    }
  }

  private writeBool(at: number, limit: number): number {
    if (at >= limit) return CORRUPT;
    const value = this.bytes[at]!;
    if (value > 1) return CORRUPT;
    this.writeAscii(value === 1 ? 'true' : 'false');
    return at + 1;
  }

  private writeNumber(value: number, end: number): number {
    if (Number.isFinite(value)) {
      writeDouble(this.out, value);
      return end;
    }
    return this.writeNonFinite(String(value), end);
  }

  private writeNonFinite(text: string, end: number): number {
    if (this.policies.nonFinite === 'reject') return REFUSED;
    this.notes.add('nonFiniteNumber');
    this.writeAscii(this.policies.nonFinite === 'null' ? 'null' : `"${text}"`);
    return end;
  }

  private writeDecimal(at: number): number {
    if (this.policies.decimal === 'string') {
      this.writeByte(QUOTE);
      if (!writeShortDecimal(this.out, this.view, at)) this.writeAscii(decimalText(this.view, at));
      this.writeByte(QUOTE);
      return at + 16;
    }
    const text = decimalText(this.view, at);
    const rounded = Number(text);
    if (!Number.isFinite(rounded)) return this.writeNonFinite(text, at + 16);
    if (losesDigits(text, rounded)) this.notes.add('decimalRounded');
    this.writeAscii(text);
    return at + 16;
  }

  private writeDate(at: number): number {
    const high = this.view.getInt32(at + 4, true);
    const low = this.view.getInt32(at, true);
    const ms = high * TWO_TO_32 + (low >>> 0);
    if (hasIsoText(ms)) {
      writeIsoDate(this.out, ms);
    } else {
      this.notes.add('dateOutOfRange');
      // Elasticsearch refuses -2^63 alone among all 64-bit times: one millisecond later it is fine.
      writeInt64(this.out, high, high === LOWEST_HIGH && low === 0 ? 1 : low);
    }
    return at + 8;
  }

  private writeBinary(at: number, limit: number): number {
    const end = binaryEnd(this.view, at, limit);
    if (end === CORRUPT) return CORRUPT;
    if (isUuid(this.view, at)) {
      writeUuid(this.out, this.bytes, at + 5);
      return end;
    }
    // Subtype 2 repeats its length in front of its bytes.
    const isOld = this.bytes[at + 4] === 2 && end - at >= 9 && this.view.getInt32(at + 5, true) === end - at - 9;
    writeBase64(this.out, this.bytes, isOld ? at + 9 : at + 5, end);
    return end;
  }

  private writeTimestamp(at: number): number {
    this.writeAscii(`{"t":${this.view.getUint32(at + 4, true)},"i":${this.view.getUint32(at, true)}}`);
    return at + 8;
  }

  private writeRegex(at: number, limit: number): number {
    const patternEnd = textEnd(this.bytes, at, limit);
    const end = patternEnd === CORRUPT ? CORRUPT : textEnd(this.bytes, patternEnd + 1, limit);
    if (end === CORRUPT) return CORRUPT;
    this.writeByte(QUOTE);
    this.writeByte(SLASH);
    this.writeText(at, patternEnd);
    this.writeByte(SLASH);
    this.writeText(patternEnd + 1, end);
    this.writeByte(QUOTE);
    return end + 1;
  }

  private writeDbPointer(at: number, limit: number): number {
    const end = stringEnd(this.view, at, limit);
    if (end === CORRUPT || end + 12 > limit) return CORRUPT;
    this.writeAscii('{"ref":');
    this.writeQuoted(at + 4, end - 1);
    this.writeAscii(',"id":');
    writeObjectId(this.out, this.bytes, end);
    this.writeAscii('}');
    return end + 12;
  }

  private writeByte(byte: number): void {
    this.out.ensure(1);
    this.out.bytes[this.out.position++] = byte;
  }

  private writeAscii(text: string): void {
    this.out.ensure(text.length);
    const bytes = this.out.bytes;
    let position = this.out.position;
    for (let i = 0; i < text.length; i++) bytes[position++] = text.charCodeAt(i);
    this.out.position = position;
  }
}

/** True when a double cannot give the decimal back. */
function losesDigits(text: string, rounded: number): boolean {
  const mantissa = text.split('E')[0]!.replace(/[-.]/gu, '');
  const digits = mantissa.replace(/^0+/u, '').replace(/0+$/u, '');
  if (digits === '') return false;
  return digits.length > EXACT_DIGITS || Math.abs(rounded) < 2.2250738585072014e-308;
}
