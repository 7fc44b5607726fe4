const MOST_FIELDS = 10_000;
const MOST_NAME_CHARS = 4_000_000;

/**
 * How many fields one transcoder remembers. A collection whose field names are data has no end of them: behind the
 * limit fields are converted all the same, but each one is looked at anew and its types are not reported.
 */
export class ShapeBudget {
  private fields = MOST_FIELDS;
  private chars = MOST_NAME_CHARS;

  /** Takes one field with so many chars of names out of the budget; false when it is used up. */
  take(nameChars: number): boolean {
    if (this.fields === 0 || this.chars < nameChars) return false;
    this.fields--;
    this.chars -= nameChars;
    return true;
  }
}
