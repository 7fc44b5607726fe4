import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

const DIRECTIVES = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'manifest-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

/** Swagger UI's page carries its own style elements; scripts stay restricted to our own files. */
const DOCS_DIRECTIVES = { ...DIRECTIVES, 'style-src': ["'self'", "'unsafe-inline'"] };

const policyOf = (directives: Readonly<Record<string, readonly string[]>>): string =>
  Object.entries(directives)
    .map(([name, values]) => `${name} ${values.join(' ')}`)
    .join('; ');

/** Sends the security headers with every answer: strict policy, no framing, no sniffing, no referrer. */
export async function sendSecurityHeaders(instance: FastifyInstance): Promise<void> {
  await instance.register(helmet, {
    global: true,
    contentSecurityPolicy: { useDefaults: false, directives: DIRECTIVES },
    // The API speaks plain HTTP; whoever puts TLS in front of it decides about HSTS.
    strictTransportSecurity: false,
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
  });
  const docsPolicy = policyOf(DOCS_DIRECTIVES);
  instance.addHook('onSend', async (request, reply) => {
    if (/^\/docs(?:\/|\?|$)/.test(request.url)) reply.header('content-security-policy', docsPolicy);
    if (reply.getHeader('cache-control') === undefined && request.url.startsWith('/api/')) {
      reply.header('cache-control', 'no-store');
    }
    return Promise.resolve();
  });
}
