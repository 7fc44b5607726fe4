import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '@lockstep/core';

const CODES = Object.keys(ERROR_CATALOGUE);

@ApiSchema({ name: 'FieldProblem' })
export class FieldProblemDto {
  @ApiProperty({
    description: 'JSON pointer into the body, or `/` and the name of a query parameter.',
    example: '/source/uri',
  })
  readonly pointer!: string;

  @ApiProperty({ description: 'Code of the finding.', example: 'API_REQUEST_INVALID' })
  readonly code!: string;

  @ApiProperty({ description: 'What is wrong, for people. Never repeats a secret.', example: 'must be a MongoDB URI' })
  readonly message!: string;
}

/** RFC 9457 problem details. */
@ApiSchema({ name: 'Problem' })
export class ProblemDto {
  @ApiProperty({ description: 'URN of the code.', example: 'urn:lockstep:error:CONNECTOR_UNKNOWN' })
  readonly type!: string;

  @ApiProperty({ description: 'What the code means.', example: 'No such connector' })
  readonly title!: string;

  @ApiProperty({ type: 'integer', description: 'HTTP status.', example: 404 })
  readonly status!: number;

  @ApiProperty({ description: 'What happened this time.', example: 'No such connector' })
  readonly detail!: string;

  @ApiProperty({
    description: 'URN of the request: the value of `X-Request-Id`.',
    example: 'urn:lockstep:request:5b6f4a38-7d0e-4f5c-9a57-0c8a1f0f7a11',
  })
  readonly instance!: string;

  @ApiProperty({ enum: CODES, description: 'Stable code, to decide by.', example: 'CONNECTOR_UNKNOWN' })
  readonly code!: string;

  @ApiProperty({ description: 'What can be done.', example: 'List connectors with GET /api/v1/connectors.' })
  readonly remedy!: string;

  @ApiProperty({ type: [FieldProblemDto], description: 'Findings field by field; empty when none applies.' })
  readonly errors!: FieldProblemDto[];

  @ApiPropertyOptional({
    type: 'integer',
    description: 'When to try again, milliseconds. Absent when trying again is no use.',
    example: 1000,
  })
  readonly retryAfterMs?: number;
}
