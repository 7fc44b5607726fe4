import { ObjectId } from 'mongodb';

/**
 * A BSON value that goes into a command exactly as its bytes are. The driver's own types cannot carry
 * every value back unchanged: dates beyond the range of JS, strings that are not UTF-8, documents with
 * integer-like or repeated keys and DBPointers would ask for another `_id` than the one that was read.
 *
 * It uses that the driver's serializer lets an ObjectId write its own bytes: this one writes others, and
 * corrects the type byte in front of the key. A test pins this to the driver version in use.
 */
class RawValue extends ObjectId {
  readonly #typeDistance: number;
  readonly #type: number;
  readonly #value: Uint8Array;

  constructor(key: string, type: number, value: Uint8Array) {
    super();
    this.#typeDistance = Buffer.byteLength(key) + 2;
    this.#type = type;
    this.#value = value;
  }

  serializeInto(target: Uint8Array, index: number): number {
    target[index - this.#typeDistance] = this.#type;
    target.set(this.#value, index);
    return this.#value.length;
  }
}

/**
 * An object with the one entry `key`, whose BSON value is `value`, byte for byte.
 * @param type BSON type byte of the value
 */
export function rawEntry(key: string, type: number, value: Uint8Array): Record<string, unknown> {
  return { [key]: new RawValue(key, type, value) };
}
