import { LockstepError } from '@lockstep/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AccessRequest, type AccessRules, decideAccess } from './access-decision.js';

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

function describe(request: FastifyRequest): AccessRequest {
  const { headers } = request;
  return {
    method: request.method,
    routeUrl: request.is404 ? undefined : request.routeOptions.url,
    authorization: headers.authorization,
    host: headers.host,
    origin: headers.origin,
    fetchSite: first(headers['sec-fetch-site']),
    fetchMode: first(headers['sec-fetch-mode']),
    fetchDest: first(headers['sec-fetch-dest']),
    localPort: request.socket.localPort ?? 0,
  };
}

/** Guards every request before its body is read: routes, files and paths that do not exist. */
export function guardAccess(instance: FastifyInstance, rules: AccessRules): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    const decision = decideAccess(describe(request), rules);
    done(decision.isAllowed ? undefined : new LockstepError(decision.code, decision.message));
  });
}
