import type { LetterState } from '../api/views.js';

/** Which dead letters are shown; an empty text means any. */
export interface LetterFilter {
  readonly state: LetterState;
  readonly errorType: string;
  readonly field: string;
}

export const OPEN_LETTERS: LetterFilter = { state: 'open', errorType: '', field: '' };

/** Error type and field, where they are asked for: the body of a request about all of a filter. */
export function selectionOf({ errorType, field }: LetterFilter): Readonly<Record<string, string>> {
  return { ...(errorType === '' ? {} : { errorType }), ...(field === '' ? {} : { field }) };
}

/** The filter as a query string, without `?`. */
export function filterQuery(filter: LetterFilter, more: Readonly<Record<string, string>> = {}): string {
  return new URLSearchParams({ state: filter.state, ...selectionOf(filter), ...more }).toString();
}

/** Whether something else than the state narrows it. */
export function isNarrowed(filter: LetterFilter): boolean {
  return filter.errorType !== '' || filter.field !== '';
}
