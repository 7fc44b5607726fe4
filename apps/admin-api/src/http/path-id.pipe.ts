import type { PipeTransform } from '@nestjs/common';
import { type ErrorCode, LockstepError } from '@lockstep/core';

/** Lets only ids of our own shape through; anything else names nothing and never reaches the store. */
export class PathIdPipe implements PipeTransform<string, string> {
  readonly #shape: RegExp;

  constructor(
    prefix: string,
    private readonly unknownCode: ErrorCode,
  ) {
    this.#shape = new RegExp(`^${prefix}_[0-9a-z]{26}$`);
  }

  transform(value: string): string {
    if (this.#shape.test(value)) return value;
    throw new LockstepError(this.unknownCode);
  }
}
