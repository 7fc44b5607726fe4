/** What the console shows. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'create' }
  | { readonly page: 'connector'; readonly id: string }
  | { readonly page: 'deadLetters'; readonly connectorId: string }
  | { readonly page: 'unknown' };

/** Reads the fragment of the page's URL; fragments work behind any path prefix. */
export function readRoute(hash: string): Route {
  const [first = '', id = '', last, ...rest] = hash.replace(/^#?\/?/, '').split('/');
  if (first === '' && id === '') return { page: 'overview' };
  if (first !== 'connectors' || id === '' || rest.length > 0) return { page: 'unknown' };
  if (last === 'dead-letters') return { page: 'deadLetters', connectorId: id };
  if (last !== undefined) return { page: 'unknown' };
  return id === 'new' ? { page: 'create' } : { page: 'connector', id };
}
