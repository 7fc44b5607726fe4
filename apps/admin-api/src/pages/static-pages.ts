import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Where the build puts the console, beside the built apps. */
export const BUILT_PUBLIC_DIR = join(__dirname, '../../../../public');

/**
 * Serves the files of a folder from `/`, `index.html` as `/` itself. Nothing is served that was not
 * there at the start, so a path can name no other file.
 * @param pages is filled with the routes of the files
 */
export async function servePages(instance: FastifyInstance, dir: string, pages: Set<string>): Promise<void> {
  if (!existsSync(join(dir, 'index.html'))) return;
  await instance.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      pages.add(route.url);
    });
    await scope.register(fastifyStatic, {
      root: dir,
      wildcard: false,
      index: ['index.html'],
      dotfiles: 'ignore',
      decorateReply: false,
      cacheControl: true,
      maxAge: 0,
    });
  });
}
