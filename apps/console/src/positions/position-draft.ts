import { placeFieldProblems, type PlacedProblems } from '../api/place-field-problems.js';
import type { FieldProblem } from '../api/problem.js';

export type PositionKind = 'time' | 'token';

/** What the dialog for a position holds. What was typed for the other kind stays, and is not sent. */
export interface PositionDraft {
  readonly kind: PositionKind;
  readonly time: string;
  readonly token: string;
  readonly reason: string;
}

export type PositionField = PositionKind | 'reason';
export type PositionErrors = Readonly<Partial<Record<PositionField, string>>>;

export const EMPTY_POSITION: PositionDraft = { kind: 'time', time: '', token: '', reason: '' };

/** What is missing before anything is sent; the API judges the rest. */
export function checkPosition({ kind, time, token, reason }: PositionDraft): PositionErrors {
  return {
    ...(kind === 'time' && time.trim() === '' ? { time: 'Name a time, for example 2026-01-15T09:30:00Z' } : {}),
    ...(kind === 'token' && token.trim() === '' ? { token: 'Paste the token.' } : {}),
    ...(reason.trim() === '' ? { reason: 'Say why: it is kept in the audit index.' } : {}),
  };
}

/** The errors of what is still as it was sent: what is typed since then may be right. */
export function standingErrors(errors: PositionErrors, sent: PositionDraft, draft: PositionDraft): PositionErrors {
  const fields = Object.keys(errors) as PositionField[];
  return Object.fromEntries(fields.filter((field) => draft[field] === sent[field]).map((f) => [f, errors[f]]));
}

/** The request body of the draft. */
export function positionBody(draft: PositionDraft): Readonly<Record<string, string>> {
  return { [draft.kind]: draft[draft.kind].trim(), reason: draft.reason.trim() };
}

/** Field errors of the API at the fields that the dialog shows. */
export function placePositionProblems(
  problems: readonly FieldProblem[],
  kind: PositionKind,
): PlacedProblems<PositionField> {
  return placeFieldProblems<PositionField>(problems, [
    [`/${kind}`, kind],
    ['/reason', 'reason'],
  ]);
}
