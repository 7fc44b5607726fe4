import { ValidateIf } from 'class-validator';

/** A field that may be left out, but not `null`: `IsOptional` lets that pass unseen. */
export function MayBeAbsent(): PropertyDecorator {
  return ValidateIf((_body: unknown, value: unknown) => value !== undefined);
}
