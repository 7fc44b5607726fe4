/** Size of a page that reads fast and keeps memory flat, bytes. */
export const TARGET_PAGE_BYTES = 2 * 1024 * 1024;
/** Documents asked for while their size is not known: enough to see a size, little enough to start at once. */
export const FIRST_PAGE_DOCS = 200;

const MAX_PAGE_DOCS = 50_000;
const MAX_GROWTH = 8;

/**
 * How many documents to ask for next so that one reply has about {@link TARGET_PAGE_BYTES}.
 * @param asked what was asked for last
 * @param read documents and bytes of the last reply
 */
export function nextPageDocs(asked: number, read: { readonly documents: number; readonly bytes: number }): number {
  if (read.documents === 0 || read.bytes === 0) return asked;
  const fitting = Math.floor((TARGET_PAGE_BYTES * read.documents) / read.bytes);
  return Math.max(1, Math.min(fitting, asked * MAX_GROWTH, MAX_PAGE_DOCS));
}
