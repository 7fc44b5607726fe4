import type { BsonTypeName, FieldType } from '@lockstep/contracts';
import { BSON } from './bson-layout.js';
import type { FieldShape } from './field-shape.js';

const UUID_BIT = 20;
const MIN_KEY_BIT = 21;
const MAX_KEY_BIT = 22;
const BINARY_BIT = 23;

const NAME_BY_BIT: Readonly<Record<number, BsonTypeName>> = {
  [BSON.double]: 'double',
  [BSON.string]: 'string',
  [BSON.document]: 'object',
  [BSON.array]: 'array',
  [BSON.objectId]: 'objectId',
  [BSON.bool]: 'bool',
  [BSON.date]: 'date',
  [BSON.null]: 'null',
  [BSON.regex]: 'regex',
  [BSON.dbPointer]: 'dbPointer',
  [BSON.code]: 'code',
  [BSON.symbol]: 'symbol',
  [BSON.int32]: 'int',
  [BSON.timestamp]: 'timestamp',
  [BSON.int64]: 'long',
  [BSON.decimal128]: 'decimal',
  [UUID_BIT]: 'uuid',
  [MIN_KEY_BIT]: 'minKey',
  [MAX_KEY_BIT]: 'maxKey',
  [BINARY_BIT]: 'binary',
};

/**
 * The bit under which a field remembers a type: the type byte itself where it fits into a word and says all. The bits
 * of the other bytes (modulo 32) are never set.
 */
export function typeBit(type: number, isUuid: boolean): number {
  if (type === BSON.binary) return isUuid ? UUID_BIT : BINARY_BIT;
  if (type === BSON.codeWithScope) return BSON.code;
  if (type === BSON.minKey) return MIN_KEY_BIT;
  return type === BSON.maxKey ? MAX_KEY_BIT : type;
}

/** Looks back per document: enough for any sane one, little enough for one that is nothing but duplicates. */
const MOST_LOOKS = 10_000;

/** Keeps which (field, type) pairs a batch met for the first time. */
export class FieldTypeReport {
  private met: { field: FieldShape; bit: number }[] = [];
  private documentStart = 0;
  private looksLeft = MOST_LOOKS;

  add(field: FieldShape, bit: number): void {
    if (!(bit in NAME_BY_BIT)) return;
    field.reportedTypes |= 1 << bit;
    this.met.push({ field, bit });
  }

  /** A later value of the document replaces the one at `path`: what that was says nothing about the field. */
  forget(path: string): void {
    for (let i = this.met.length - 1; i >= this.documentStart && this.looksLeft > 0; i--) {
      this.looksLeft--;
      const { field, bit } = this.met[i]!;
      if (field.path !== path && !field.path.startsWith(`${path}.`)) continue;
      field.reportedTypes &= ~(1 << bit);
      this.met.splice(i, 1);
    }
  }

  keepDocument(): void {
    this.documentStart = this.met.length;
    this.looksLeft = MOST_LOOKS;
  }

  /** The document is not written after all: its fields were not met. */
  dropDocument(): void {
    this.looksLeft = MOST_LOOKS;
    while (this.met.length > this.documentStart) {
      const { field, bit } = this.met.pop()!;
      field.reportedTypes &= ~(1 << bit);
    }
  }

  /** What the batch met, to be met again by the next one. */
  takeAgain(): FieldType[] {
    for (const { field, bit } of this.met) field.reportedTypes &= ~(1 << bit);
    return this.take();
  }

  /** What the batch met; begins the next one. */
  take(): FieldType[] {
    const types = this.met.map(({ field, bit }) => ({ path: field.path, type: NAME_BY_BIT[bit]! }));
    this.met = [];
    this.documentStart = 0;
    return types;
  }
}
