/** Routes that are served without a token. Everything else, also what does not exist, needs it. */
const OPEN_ROUTES: ReadonlySet<string> = new Set([
  '/public_key',
  '/.well-known/jwks.json',
  '/health/live',
  '/health/ready',
  '/openapi.json',
]);

/** @param pages route patterns of the console's files */
export function openRoutes(pages: ReadonlySet<string>): (routeUrl: string) => boolean {
  return (routeUrl) =>
    OPEN_ROUTES.has(routeUrl) || pages.has(routeUrl) || routeUrl === '/docs' || routeUrl.startsWith('/docs/');
}
