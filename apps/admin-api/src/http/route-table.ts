import type { FastifyInstance } from 'fastify';

interface KnownRoute {
  readonly methods: readonly string[];
  readonly pattern: RegExp;
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `/api/v1/connectors/:id` → a pattern that one path segment takes the place of `:id` in. */
export function patternOf(url: string): RegExp {
  const parts = url.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : escape(part)));
  return new RegExp(`^${parts.join('/')}$`);
}

/** Knows every registered route, so that a wrong method can be told from a wrong path. */
export class RouteTable {
  readonly #routes: KnownRoute[] = [];

  /** Call before the first route is registered. */
  watch(instance: FastifyInstance): void {
    instance.addHook('onRoute', (route) => {
      const methods = Array.isArray(route.method) ? route.method : [route.method];
      this.#routes.push({ methods, pattern: patternOf(route.url) });
    });
  }

  /** The methods that exist for the path of a request URL, sorted; empty when there is no such path. */
  methodsOf(requestUrl: string): readonly string[] {
    const path = requestUrl.split('?', 1)[0] ?? '';
    const methods = new Set<string>();
    for (const route of this.#routes) {
      // A catch-all matches everything below it, and says nothing about one path.
      if (route.pattern.source.includes('.*')) continue;
      if (route.pattern.test(path)) for (const method of route.methods) methods.add(method);
    }
    return [...methods].sort();
  }
}
