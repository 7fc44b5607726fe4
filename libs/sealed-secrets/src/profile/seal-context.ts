/** Where a sealed value belongs. It is part of the protected header, so a ciphertext cannot be moved. */
export interface SealContext {
  /** `connector` or `config`. */
  readonly purpose: string;
  /** `<connectorId>/<field>`, or the key of a config entry. */
  readonly subject: string;
}

/** Whether a value that says where it belongs may stand here, exactly. */
export function isSameContext(a: SealContext, b: SealContext): boolean {
  return a.purpose === b.purpose && a.subject === b.subject;
}

/**
 * Whether the `lsk` of a client's JWE allows this place: the very subject, or its part after a `/`. A client
 * that seals for a connector that does not exist yet cannot know the id, but it knows the field.
 */
export function allowsContext(lsk: SealContext, context: SealContext): boolean {
  return (
    isSameContext(lsk, context) || (lsk.purpose === context.purpose && context.subject.endsWith(`/${lsk.subject}`))
  );
}
