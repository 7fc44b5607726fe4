/** A BSON element `[type]["_id\0"][value]` whose Elasticsearch id is `id`; null when it cannot be known. */
export function decodeDocumentId(_id: string): Buffer | null {
  throw new Error('not written yet');
}
