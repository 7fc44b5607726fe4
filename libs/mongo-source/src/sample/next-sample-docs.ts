/** Documents asked for while their size is not known: they may have 16 MiB each. */
const FIRST_DOCS = 20;

interface Amount {
  readonly documents: number;
  readonly bytes: number;
}

/** How many documents to ask for next so that neither limit is passed by much; 0 when one is reached. */
export function nextSampleDocs(limits: Amount, read: Amount): number {
  const left = limits.documents - read.documents;
  if (read.documents === 0) return Math.min(FIRST_DOCS, left);
  const fitting = Math.floor(((limits.bytes - read.bytes) * read.documents) / Math.max(1, read.bytes));
  return Math.max(0, Math.min(left, fitting));
}
