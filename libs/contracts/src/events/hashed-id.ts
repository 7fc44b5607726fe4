const HEAD = '{"$sha256":"';
const TAIL = '"}';
const DIGEST_LENGTH = 64;
const LENGTH = HEAD.length + DIGEST_LENGTH + TAIL.length;

/** The Elasticsearch id of an `_id` whose typed text is too long for one, from the SHA-256 of that text in hex. */
export function hashedId(digest: string): string {
  return `${HEAD}${digest}${TAIL}`;
}

/** Whether an Elasticsearch id is a hash, from which the `_id` cannot be told. Cheap: asked of every document. */
export function isHashedId(id: string): boolean {
  return id.length === LENGTH && id.startsWith(HEAD);
}

/** The `_id` behind a hashed id. */
export interface OriginalId {
  /** Its BSON element, as in `DocumentKey`. */
  readonly element: Buffer;
  /** Its typed text. Made when asked for: it can be hundreds of times as long as the element. */
  typedText(): string;
}
