import type { DocumentKey } from '@lockstep/contracts';
import type { MarkedLetter } from '@lockstep/elastic-sink';
import { decodeDocumentId } from '@lockstep/mongo-source';

/** A dead letter whose document can be read. */
export interface RepairKey {
  readonly letter: MarkedLetter;
  readonly collection: string;
  readonly key: DocumentKey;
}

/** Letters that cannot be tried, and why; told to the operator, never content. */
export interface Untried {
  readonly note: string;
  readonly letters: readonly MarkedLetter[];
}

export const NOT_FOLLOWED =
  'The collection is not followed: it was dropped, renamed or replaced. A resync takes it up again.';
export const NOT_DECODABLE =
  'The _id is unreadable, or too large to be kept. Change the document in MongoDB, or resync.';

/** Sorts letters into keys that can be looked up and letters that cannot be tried. */
export function repairKeys(
  letters: readonly MarkedLetter[],
  database: string,
  isFollowed: (collection: string) => boolean,
): { readonly keys: readonly RepairKey[]; readonly untried: readonly Untried[] } {
  const keys: RepairKey[] = [];
  const notFollowed: MarkedLetter[] = [];
  const notDecodable: MarkedLetter[] = [];
  for (const letter of letters) {
    const collection = letter.namespace.slice(database.length + 1);
    const element = decodeDocumentId(letter.documentId, letter.originalId);
    if (!letter.namespace.startsWith(`${database}.`) || !isFollowed(collection)) notFollowed.push(letter);
    else if (element === null) notDecodable.push(letter);
    else keys.push({ letter, collection, key: { id: letter.documentId, element } });
  }
  const untried = [
    { note: NOT_FOLLOWED, letters: notFollowed },
    { note: NOT_DECODABLE, letters: notDecodable },
  ];
  return { keys, untried: untried.filter((group) => group.letters.length > 0) };
}
