import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { appVersion } from '../system/app-version.js';

const DESCRIPTION = `Lockstep keeps Elasticsearch indices in lockstep with MongoDB collections.

**Errors** are RFC 9457 problems (\`application/problem+json\`) with a stable \`code\` to decide by.
**Concurrency**: single documents have an \`ETag\`; \`If-Match\` is optional and checked when sent (412).
**Repetition**: POST accepts \`Idempotency-Key\`; answers are kept for 24 hours in Elasticsearch.
**Paging**: \`pageSize\` and the opaque \`pageToken\`; lists answer \`items\` and \`nextPageToken\`.
**Access**: \`Authorization: Bearer\` with the token of the installation. Without a configured token the API serves this machine only.
Unknown fields and parameters are refused. \`X-Request-Id\` is taken over (letters, digits, dashes) and answered.`;

const TAGS: readonly (readonly [string, string])[] = [
  ['connectors', 'What is copied where, and what is asked of it.'],
  ['jobs', 'Runs of work: bulk syncs and stream syncs.'],
  ['workers', 'The processes that do the work.'],
  ['dead letters', 'Documents that were refused, and why.'],
  ['config', 'Key/value entries, plain or sealed, that connectors refer to.'],
  ['keys', 'Public keys that secrets are sealed with.'],
  ['events', 'What happens, live.'],
  ['operations', 'For whoever runs it.'],
  ['pages', 'For people.'],
];

const page = (operationId: string, summary: string, mediaType = 'text/html'): object => ({
  get: {
    operationId,
    summary,
    description: 'Open without a token.',
    tags: ['pages'],
    security: [],
    parameters: [],
    responses: {
      200: {
        description: 'The page.',
        content: { [mediaType]: { schema: { type: mediaType === 'text/html' ? 'string' : 'object' } } },
      },
    },
  },
});

/** Pages are files and have no controller. */
const PAGES = {
  '/': page('pages.console', 'The console'),
  '/status.html': page('pages.status', 'The live status page'),
  '/docs': page('pages.docs', 'This documentation, to try out'),
  '/openapi.json': page('pages.openapi', 'This documentation, for machines', 'application/json'),
};

/** The OpenAPI 3.1 document of the whole API. Complete only in the built app, whose DTOs carry their types. */
export function buildDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Lockstep admin API')
    .setDescription(DESCRIPTION)
    .setVersion(appVersion())
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'Where this document comes from')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'The token of LOCKSTEP_API_TOKEN.' });
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '').toLowerCase()}.${method}`,
  });
  return { ...document, paths: { ...document.paths, ...PAGES } };
}
