/** The Elasticsearch id of an `_id`, given as its BSON element `[type]["_id\0"][value]`. */
export function encodeDocumentId(_element: Buffer): string {
  throw new Error('not written yet');
}
