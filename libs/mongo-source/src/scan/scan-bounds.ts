import type { KeyRange } from '@lockstep/contracts';
import type { Document } from 'mongodb';
import { decodeKeyDocument } from '../document-id/key-document.js';
import { rangeFilters } from '../query/key-bounds.js';
import { keyBound } from '../query/key-filter.js';

/** Which part of a collection a scan still has to read. */
export interface ScanBounds {
  readonly filters: readonly Document[];
  /** `_id` element that nothing to be read lies below; null when there is none. */
  readonly lowest: Buffer | null;
}

/** @throws LockstepError STATE_CORRUPT when a bound cannot be read */
export function scanBounds(after: string | null, upTo: string | null, range: KeyRange | undefined): ScanBounds {
  const start = after ?? range?.from ?? null;
  return {
    filters: [
      ...(after === null ? [] : [keyBound('$gt', decodeKeyDocument(after))]),
      ...(upTo === null ? [] : [keyBound('$lte', decodeKeyDocument(upTo))]),
      ...rangeFilters(range),
    ],
    lowest: start === null ? null : decodeKeyDocument(start),
  };
}
