import { LockstepError } from '@lockstep/core';
import type { FastifyInstance } from 'fastify';
import { API_LIMITS } from './api-limits.js';

/** Levels of nesting that a body may have; deeper ones would only exhaust whoever walks them. */
export const MAX_JSON_DEPTH = API_LIMITS.maxJsonDepth;

/** Whether arrays and objects of a JSON text are nested deeper than `limit`; strings do not count. */
export function isDeeperThan(text: string, limit: number): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (isInString) {
      if (character === 0x5c) index += 1;
      else if (character === 0x22) isInString = false;
      continue;
    }
    if (character === 0x22) isInString = true;
    else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      if (depth > limit) return true;
    } else if (character === 0x7d || character === 0x5d) depth -= 1;
  }
  return false;
}

/**
 * Accepts `application/json` and `application/merge-patch+json`; an empty body is no body. Keys that
 * would reach a prototype are refused, as is any content encoding: what cannot be measured before it is
 * unpacked is not unpacked.
 */
export function acceptJsonBodies(instance: FastifyInstance): void {
  const parse = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<string>(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request, body, done) => {
      const encoding = request.headers['content-encoding'];
      if (encoding !== undefined && encoding !== 'identity') {
        done(new LockstepError('API_MEDIA_TYPE_UNSUPPORTED', 'A compressed body is not accepted.'), undefined);
        return;
      }
      if (body.trim() === '') {
        done(null, undefined);
        return;
      }
      if (isDeeperThan(body, MAX_JSON_DEPTH)) {
        const message = `The body is nested deeper than ${String(MAX_JSON_DEPTH)} levels.`;
        done(new LockstepError('API_REQUEST_MALFORMED', message), undefined);
        return;
      }
      void parse(request, body, done);
    },
  );
}
