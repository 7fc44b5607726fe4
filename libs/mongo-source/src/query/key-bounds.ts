import type { Document } from 'mongodb';
import type { KeyRange } from '@lockstep/contracts';
import { decodeKeyDocument } from '../document-id/key-document.js';
import { keyBound } from './key-filter.js';

/** Filters that keep a read within the range; none for the whole collection. */
export function rangeFilters(range: KeyRange | undefined): readonly Document[] {
  const filters: Document[] = [];
  if (typeof range?.from === 'string') filters.push(keyBound('$gte', decodeKeyDocument(range.from)));
  if (typeof range?.below === 'string') filters.push(keyBound('$lt', decodeKeyDocument(range.below)));
  return filters;
}
