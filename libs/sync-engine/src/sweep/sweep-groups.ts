import { isHashedId } from '@lockstep/contracts';

/** Kept `_id`s can be large: so many of them are in memory at a time. */
const MAX_HASHED = 100;

/** Ids of one page that are confirmed together: all that tell their `_id`, and hashed ones in small groups. */
export function sweepGroups(page: readonly string[]): readonly (readonly string[])[] {
  const hashed = page.filter(isHashedId);
  if (hashed.length === 0) return [page];
  const groups: (readonly string[])[] = [];
  if (hashed.length < page.length) groups.push(page.filter((id) => !isHashedId(id)));
  for (let at = 0; at < hashed.length; at += MAX_HASHED) groups.push(hashed.slice(at, at + MAX_HASHED));
  return groups;
}
