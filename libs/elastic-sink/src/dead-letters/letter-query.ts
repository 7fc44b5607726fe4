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
  /** Numbers of generations that are left out. @defaultValue none */
  readonly exceptGenerations?: readonly number[];
}

export interface LetterQuery {
  readonly bool: { readonly filter: object[]; readonly must_not: object[] };
}

export function letterQuery(filter: DeadLetterFilter): LetterQuery {
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
  const { exceptGenerations = [] } = filter;
  const except = exceptGenerations.length === 0 ? [] : [{ terms: { generation: [...exceptGenerations] } }];
  return { bool: { filter: clauses, must_not: except } };
}
