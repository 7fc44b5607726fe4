import type { FieldProblem } from './problem.js';

/** Which JSON pointers of a request body belong to which field of a form; what lies below a pointer does, too. */
export type FieldByPointer<Field extends string> = readonly (readonly [pointer: string, field: Field])[];

export interface PlacedProblems<Field extends string> {
  readonly errors: Readonly<Partial<Record<Field, string>>>;
  /** What has no field in the form. */
  readonly rest: readonly FieldProblem[];
}

/** Field errors of the API at the fields of a form. */
export function placeFieldProblems<Field extends string>(
  problems: readonly FieldProblem[],
  fieldByPointer: FieldByPointer<Field>,
): PlacedProblems<Field> {
  const errors: Partial<Record<Field, string>> = {};
  const rest: FieldProblem[] = [];
  for (const problem of problems) {
    const field = fieldByPointer.find(
      ([pointer]) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`),
    )?.[1];
    if (field === undefined) rest.push(problem);
    else errors[field] = errors[field] === undefined ? problem.message : `${errors[field]} ${problem.message}`;
  }
  return { errors, rest };
}
