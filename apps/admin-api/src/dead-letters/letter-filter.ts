import { ERROR_CATALOGUE, LockstepError } from '@lockstep/core';
import type { DeadLetter, DeadLetterFilter } from '@lockstep/elastic-sink';
import { isoTimeMs } from '../http/iso-time.js';
import type { DeadLetterFilterDto } from './dead-letters.dto.js';

/**
 * The filter of a request, its times in UTC.
 * @throws LockstepError API_REQUEST_INVALID when a time cannot be read, or the time range is empty
 */
export function filterOf(connectorId: string, query: DeadLetterFilterDto): DeadLetterFilter {
  const { state, errorType, field } = query;
  const [from, to] = [utc('/from', query.from), utc('/to', query.to)];
  if (from !== undefined && to !== undefined && from >= to) throw invalid('/to', 'to must be later than from');
  return {
    connectorId,
    ...(state === undefined ? {} : { state }),
    ...(errorType === undefined ? {} : { errorType }),
    ...(field === undefined ? {} : { field }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** Never left out because it cannot be read: a filter decides what is discarded. */
function utc(pointer: string, time: string | undefined): string | undefined {
  if (time === undefined) return undefined;
  const ms = isoTimeMs(time);
  if (ms === undefined) throw invalid(pointer, 'must be an ISO 8601 time with a time zone');
  return new Date(ms).toISOString();
}

function invalid(pointer: string, message: string): LockstepError {
  const fields = [{ pointer, code: 'API_REQUEST_INVALID', message }];
  return new LockstepError('API_REQUEST_INVALID', `Not valid: ${pointer}.`, { fields });
}

/** A dead letter as the API shows it, with what the operator can do. */
export type ShownLetter = Omit<Required<DeadLetter>, 'schema' | 'partition'> & { readonly remedy: string };

export function shownLetter({ schema: _schema, partition: _partition, ...letter }: DeadLetter): ShownLetter {
  const remedy = ERROR_CATALOGUE[letter.code].advice;
  return { ...letter, remedy, retry: letter.retry ?? null, note: letter.note ?? null };
}
