import { BSON } from '../transcode/bson-layout.js';
import { bsonElement, bsonString, type BsonValue } from './bson-value.js';
import { encodeDocumentId } from './encode-document-id.js';
import { valueOfTypedText } from './parse-typed-text.js';

const OBJECT_ID = /^[0-9a-f]{24}$/u;
const NAME = Buffer.from('_id');

/**
 * A BSON element `[type]["_id\0"][value]` whose Elasticsearch id is `id`: MongoDB finds the document by it, whatever the
 * numeric type it is stored with. Null for texts that are no id of ours, and for a hashed id without its text.
 * @param text the typed text of the `_id`, where it is not the id itself
 */
export function decodeDocumentId(id: string, text = id): Buffer | null {
  const value = valueOf(text);
  if (value === null) return null;
  const element = bsonElement(NAME, value);
  return encodeDocumentId(element) === id ? element : null;
}

function valueOf(id: string): BsonValue | null {
  if (OBJECT_ID.test(id)) return { type: BSON.objectId, bytes: Buffer.from(id, 'hex') };
  if (!id.startsWith('{') && !id.startsWith('"')) {
    return { type: BSON.string, bytes: bsonString(Buffer.from(id)) };
  }
  try {
    return valueOfTypedText(JSON.parse(id));
  } catch {
    // Not JSON: somebody else's id.
    return null;
  }
}
