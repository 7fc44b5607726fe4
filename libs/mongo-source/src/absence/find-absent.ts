import type { AbsenceOptions, AbsenceReport, DocumentKey } from '@lockstep/contracts';
import { decodeDocumentId } from '../document-id/decode-document-id.js';
import { encodeDocumentId } from '../document-id/encode-document-id.js';
import { readIdElement } from '../document-id/read-id-element.js';
import type { KeyReader } from '../lookup/key-reader.js';
import type { SourceQuery } from '../query/source-query.js';
import type { CursorReply } from '../raw-reply/cursor-reply.js';

export interface FindAbsentContext {
  readonly reader: KeyReader;
  readonly query: SourceQuery;
}

/** Which of the ids have no document in the filtered collection, by a majority read not older than `atLeast`. */
export async function findAbsent(context: FindAbsentContext, options: AbsenceOptions): Promise<AbsenceReport> {
  const { collection, ids, elements, atLeast, signal } = options;
  const keys: DocumentKey[] = [];
  const undecodable: string[] = [];
  for (const id of new Set(ids)) {
    const element = decodeDocumentId(id) ?? keptElement(id, elements);
    if (element === null) undecodable.push(id);
    else keys.push({ id, element });
  }
  const { filter } = context.query;
  const replies = context.reader.read({ collection, keys, filter, projection: { _id: 1 }, atLeast, signal });
  const absent = new Set(keys.map((key) => key.id));
  for await (const reply of replies) for (const id of idsOf(reply)) absent.delete(id);
  return { absent: [...absent], undecodable, readTime: atLeast };
}

/** The element that was kept of a hashed id; it proves itself by encoding to that id. */
function keptElement(id: string, elements: AbsenceOptions['elements']): Buffer | null {
  const element = elements?.get(id);
  return element !== undefined && encodeDocumentId(element) === id ? element : null;
}

function* idsOf({ source, bounds }: CursorReply): Iterable<string> {
  for (let i = 0; i < bounds.length; i += 2) {
    const element = readIdElement(source, bounds[i] ?? 0);
    if (element !== null) yield encodeDocumentId(element);
  }
}
