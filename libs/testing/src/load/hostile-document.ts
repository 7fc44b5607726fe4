import type { Document } from 'mongodb';
import type { SeededRandom } from './seeded-random.js';

/** A document of a hostile writer. An `amount` of text is refused by an index with {@link HOSTILE_MAPPINGS}. */
export interface HostileDocument extends Document {
  readonly _id: string;
  readonly amount: number | string;
  /** Grows with every write of the document, through deletions too. */
  readonly revision: number;
}

/** Mappings of a target under which documents are refused now and then. */
export const HOSTILE_MAPPINGS = { properties: { amount: { type: 'long' } } };

/** The documents that the index takes. */
export const TAKEN = { amount: { $not: { $type: 'string' } } } as const;
/** The documents that stand as open dead letters. */
export const REFUSED = { amount: { $type: 'string' } } as const;

const REFUSED_RATIO = 0.05;
const NEW_FIELD_RATIO = 0.02;
const MAX_NEW_FIELDS = 200;

/** Makes documents: 5 % are refused, 2 % bring a field that nobody has seen. */
export class HostileDocuments {
  #made = 0;
  #fields = 0;
  #revisions = 0;

  constructor(
    private readonly random: SeededRandom,
    /** Makes fields of this maker unlike those of others. */
    private readonly name: string,
  ) {}

  amount(): number | string {
    this.#made += 1;
    return this.random.next() < REFUSED_RATIO ? `about ${this.#made}` : this.random.int(0, 1_000_000);
  }

  /** Higher than all before. */
  revision(): number {
    this.#revisions += 1;
    return this.#revisions;
  }

  of(id: string): HostileDocument {
    const { random } = this;
    const document: HostileDocument = {
      _id: id,
      amount: this.amount(),
      revision: this.revision(),
      title: `title "${this.#made}" ☕ \n`,
      tags: Array.from({ length: random.int(0, 4) }, () => random.pick(['red', 'green', 'blue'])),
      at: new Date(1_700_000_000_000 + this.#made),
      place: { street: `street ${random.int(1, 99)}`, isHome: random.next() < 0.5, nothing: null },
    };
    return random.next() < NEW_FIELD_RATIO ? { ...document, ...this.newField() } : document;
  }

  /** A field that no document of this maker had before, while there are not too many of them. */
  newField(): Document {
    if (this.#fields < MAX_NEW_FIELDS) this.#fields += 1;
    const value = [this.#made, `text ${this.#made}`, this.#made % 2 === 0][this.#fields % 3];
    return { [`extra_${this.name}_${this.#fields}`]: value };
  }
}
