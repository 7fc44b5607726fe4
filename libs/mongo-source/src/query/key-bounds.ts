import type { Document } from 'mongodb';
import type { KeyRange } from '@lockstep/contracts';
import { decodeKeyDocument } from '../document-id/key-document.js';
import { keyBound } from './key-filter.js';

/** Filters that keep a read within the range; none for the whole collection. @param path of the key */
export function rangeFilters(range: KeyRange | undefined, path = '_id'): readonly Document[] {
  const filters: Document[] = [];
  if (typeof range?.from === 'string') filters.push(keyBound('$gte', decodeKeyDocument(range.from), path));
  if (typeof range?.below === 'string') filters.push(keyBound('$lt', decodeKeyDocument(range.below), path));
  return filters;
}
