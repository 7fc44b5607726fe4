/** Where a sealed value belongs. It is part of the protected header, so a ciphertext cannot be moved. */
export interface SealContext {
  /** `connector` or `config`. */
  readonly purpose: string;
  /** `<connectorId>/<field>`, or the key of a config entry. */
  readonly subject: string;
}
