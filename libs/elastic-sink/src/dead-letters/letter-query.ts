import type { DeadLetterState } from './dead-letter.js';

/** Which dead letters of one connector are meant. */
export interface DeadLetterFilter {
  readonly connectorId: string;
  /** @defaultValue 'open' */
  readonly state?: DeadLetterState;
  readonly errorType?: string;
  readonly field?: string;
  /** Last refused at this time or later; ISO 8601, UTC. */
  readonly from?: string;
  /** Last refused before this time; ISO 8601, UTC. */
  readonly to?: string;
}

export function letterQuery(filter: DeadLetterFilter): { readonly bool: { readonly filter: object[] } } {
  const clauses: object[] = [
    { term: { connectorId: filter.connectorId } },
    { term: { state: filter.state ?? 'open' } },
  ];
  if (filter.errorType !== undefined) clauses.push({ term: { errorType: filter.errorType } });
  if (filter.field !== undefined) clauses.push({ term: { field: filter.field } });
  const { from, to } = filter;
  if (from !== undefined || to !== undefined) {
    const range = { ...(from === undefined ? {} : { gte: from }), ...(to === undefined ? {} : { lt: to }) };
    clauses.push({ range: { lastSeenAt: range } });
  }
  return { bool: { filter: clauses } };
}
