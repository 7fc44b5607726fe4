/** One document of ours, with what a compare-and-set write names. */
export interface StoredDocument<T> {
  readonly id: string;
  readonly source: T;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** `<seq_no>.<primary_term>`: the ETag of a stored document. */
export function etagOf(document: Pick<StoredDocument<unknown>, 'seqNo' | 'primaryTerm'>): string {
  return `${document.seqNo}.${document.primaryTerm}`;
}
