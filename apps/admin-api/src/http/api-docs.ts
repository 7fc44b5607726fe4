import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiHeader, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { type ErrorCode, ERROR_CATALOGUE } from '@lockstep/core';
import { ProblemDto } from './problem.dto.js';

const exampleOf = (code: ErrorCode): object => {
  const { title, httpStatus, advice } = ERROR_CATALOGUE[code];
  return {
    type: `urn:lockstep:error:${code}`,
    title,
    status: httpStatus,
    detail: title,
    instance: 'urn:lockstep:request:5b6f4a38-7d0e-4f5c-9a57-0c8a1f0f7a11',
    code,
    remedy: advice,
    errors: [],
    ...(httpStatus === 503 || httpStatus === 429 ? { retryAfterMs: 1_000 } : {}),
  };
};

/** Documents the problems of a route, grouped by status, one example per code. */
export function ApiProblems(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const status = ERROR_CATALOGUE[code].httpStatus;
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return applyDecorators(
    ApiExtraModels(ProblemDto),
    ...[...byStatus].map(([status, list]) =>
      ApiResponse({
        status,
        description: list.map((code) => `\`${code}\`: ${ERROR_CATALOGUE[code].title}.`).join(' '),
        content: {
          'application/problem+json': {
            schema: { $ref: getSchemaPath(ProblemDto) },
            examples: Object.fromEntries(list.map((code) => [code, { value: exampleOf(code) }])),
          },
        },
      }),
    ),
  );
}

/** A route that needs the token, where one is configured, and may find the state store unreachable. */
export function ApiGuarded(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  return applyDecorators(
    ApiBearerAuth(),
    ApiProblems(
      'API_UNAUTHENTICATED',
      'API_FORBIDDEN',
      'API_UNAVAILABLE',
      'SINK_UNREACHABLE',
      'INTERNAL_ERROR',
      ...codes,
    ),
  );
}

/** The optional precondition of a write. */
export const ApiIfMatch = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'If-Match',
    required: false,
    description:
      '`ETag` of what was read; the write is refused with 412 when the document has changed since. `*` is accepted.',
    schema: { type: 'string' },
  });

/** The optional key that makes a repeated POST answer as the first one did. */
export const ApiIdempotencyKey = (): MethodDecorator & ClassDecorator =>
  ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description:
      'Up to 128 printable characters, new for every intent. A repetition within 24 hours gets the answer of the first request; another request under the same key, or one while the first is still running, is refused with 409.',
    schema: { type: 'string', maxLength: 128 },
  });

/** The response header that every single document comes with. */
export const ETAG_HEADER = {
  ETag: { description: 'Version of the document, for `If-Match`.', schema: { type: 'string' } },
} as const;
/** The response header of created and started things. */
export const LOCATION_HEADER = {
  Location: { description: 'Path of the created or responsible resource.', schema: { type: 'string' } },
} as const;
