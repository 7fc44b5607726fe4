import type { OriginalId } from '@lockstep/contracts';
import { typedIdText } from './encode-document-id.js';

/** A larger `_id` does not go along with its document: what is kept of documents has to stay small. */
const MAX_ELEMENT_BYTES = 64 * 1_024;

class KeptElement implements OriginalId {
  constructor(readonly element: Buffer) {}

  typedText(): string {
    return typedIdText(this.element) ?? '';
  }
}

/**
 * What goes along with a document whose id is a hash.
 * @param element `[type]["_id\0"][value]`; belongs to the result from here on
 * @returns null when it is too large
 */
export function originalIdOf(element: Buffer): OriginalId | null {
  return element.length > MAX_ELEMENT_BYTES ? null : new KeptElement(element);
}
