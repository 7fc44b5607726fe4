/** What the console shows. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'create' }
  | { readonly page: 'connector'; readonly id: string }
  | { readonly page: 'unknown' };

/** Reads the fragment of the page's URL; fragments work behind any path prefix. */
export function readRoute(hash: string): Route {
  const parts = hash.replace(/^#?\/?/, '').split('/');
  if (parts.length === 1 && parts[0] === '') return { page: 'overview' };
  if (parts[0] !== 'connectors' || parts.length !== 2 || parts[1] === undefined || parts[1] === '') {
    return { page: 'unknown' };
  }
  return parts[1] === 'new' ? { page: 'create' } : { page: 'connector', id: parts[1] };
}
