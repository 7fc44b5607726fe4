import { createHash } from 'node:crypto';

/** The id under which a document is rejected when it has no `_id` that can be read; never the id of an `_id`. */
export function unreadableDocumentId(document: Buffer): string {
  return `{"$unreadable":"${createHash('sha256').update(document).digest('hex')}"}`;
}
