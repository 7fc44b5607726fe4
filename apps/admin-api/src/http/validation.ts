import { type ArgumentMetadata, Injectable, type PipeTransform, ValidationPipe } from '@nestjs/common';
import { type FieldError, LockstepError } from '@lockstep/core';
import type { ValidationError } from 'class-validator';

const UNKNOWN_FIELD = 'whitelistValidation';

const escapePointer = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function fieldsOf(errors: readonly ValidationError[], parent: string): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${parent}/${escapePointer(error.property)}`;
    const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
      rule === UNKNOWN_FIELD
        ? { pointer, code: 'API_FIELD_UNKNOWN', message: 'There is no such field.' }
        : { pointer, code: 'API_REQUEST_INVALID', message },
    );
    return [...own, ...fieldsOf(error.children ?? [], pointer)];
  });
}

/** The findings of the validator as one error; an unknown field outweighs a wrong value. */
export function validationError(errors: readonly ValidationError[]): LockstepError {
  const fields = fieldsOf(errors, '');
  const unknown = fields.filter((field) => field.code === 'API_FIELD_UNKNOWN');
  const names = (list: readonly FieldError[]): string => list.map((field) => field.pointer).join(', ');
  return unknown.length > 0
    ? new LockstepError('API_FIELD_UNKNOWN', `There is no such field: ${names(unknown)}.`, { fields })
    : new LockstepError('API_REQUEST_INVALID', `Not valid: ${names(fields)}.`, { fields });
}

/** A body is an object or absent; anything else would be checked as if it were empty. */
@Injectable()
export class ObjectBodyPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    if (metadata.type !== 'body' || value === undefined) return value;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
    throw new LockstepError('API_REQUEST_INVALID', 'The body must be a JSON object.', {
      fields: [{ pointer: '', code: 'API_REQUEST_INVALID', message: 'must be an object' }],
    });
  }
}

/** Strict validation of bodies and query parameters by their DTO; unknown fields are refused. */
export function strictValidation(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: true,
    validationError: { target: false, value: false },
    exceptionFactory: validationError,
  });
}
