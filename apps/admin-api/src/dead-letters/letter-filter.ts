import { ERROR_CATALOGUE, LockstepError } from '@lockstep/core';
import type { DeadLetter, DeadLetterFilter } from '@lockstep/elastic-sink';
import type { DeadLetterFilterDto } from './dead-letters.dto.js';

/**
 * The filter of a request, its times in UTC.
 * @throws LockstepError API_REQUEST_INVALID when the time range is empty
 */
export function filterOf(connectorId: string, query: DeadLetterFilterDto): DeadLetterFilter {
  const { state, errorType, field } = query;
  const [from, to] = [utc(query.from), utc(query.to)];
  if (from !== undefined && to !== undefined && from >= to) {
    throw new LockstepError('API_REQUEST_INVALID', 'Not valid: /to.', {
      fields: [{ pointer: '/to', code: 'API_REQUEST_INVALID', message: 'to must be later than from' }],
    });
  }
  return {
    connectorId,
    ...(state === undefined ? {} : { state }),
    ...(errorType === undefined ? {} : { errorType }),
    ...(field === undefined ? {} : { field }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

const utc = (time: string | undefined): string | undefined =>
  time === undefined ? undefined : new Date(time).toISOString();

/** A dead letter as the API shows it, with what the operator can do. */
export type ShownLetter = Omit<Required<DeadLetter>, 'schema' | 'partition'> & { readonly remedy: string };

export function shownLetter({ schema: _schema, partition: _partition, ...letter }: DeadLetter): ShownLetter {
  const remedy = ERROR_CATALOGUE[letter.code].advice;
  return { ...letter, remedy, retry: letter.retry ?? null, note: letter.note ?? null };
}
