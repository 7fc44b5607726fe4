import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { buildDocument } from './build-document.js';

/** Swagger UI at `/docs`, the document at `/openapi.json`. Nothing is loaded from elsewhere. */
export function serveDocs(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  SwaggerModule.setup('docs', app, () => (document ??= buildDocument(app)), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Lockstep API',
    swaggerOptions: {
      validatorUrl: null,
      persistAuthorization: false,
      tagsSorter: undefined,
      displayRequestDuration: true,
    },
  });
}
