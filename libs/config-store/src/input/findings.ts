import { LockstepError, type ErrorCode, type FieldError } from '@lockstep/core';

/** Adds a step to a JSON pointer (RFC 6901). */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Collects what is wrong with an input, so that a client learns all of it at once. */
export class Findings {
  readonly #fields: FieldError[] = [];

  /** @param message the end of a sentence that begins with the field; never quotes values that may be secret */
  add(pointer: string, message: string, code: ErrorCode = 'API_REQUEST_INVALID'): void {
    this.#fields.push({ pointer, code, message });
  }

  /** @param problem null when there is none */
  addProblem(pointer: string, problem: string | null): void {
    if (problem !== null) this.add(pointer, problem);
  }

  get isEmpty(): boolean {
    return this.#fields.length === 0;
  }

  /** @throws LockstepError API_FIELD_UNKNOWN when any field is unknown, else API_REQUEST_INVALID */
  throwIfAny(): void {
    if (this.isEmpty) return;
    const code = this.#fields.some((field) => field.code === 'API_FIELD_UNKNOWN')
      ? 'API_FIELD_UNKNOWN'
      : 'API_REQUEST_INVALID';
    const text = this.#fields.map(({ pointer, message }) => `${pointer === '' ? 'the body' : pointer} ${message}`);
    throw new LockstepError(code, text.join('; '), { fields: this.#fields });
  }
}
