import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { API_LIMITS } from '../http/api-limits.js';

const limit = (name: keyof typeof API_LIMITS, description: string): object => ({
  type: 'integer',
  description,
  example: API_LIMITS[name],
});

@ApiSchema({ name: 'SystemLimits' })
export class SystemLimitsDto {
  @ApiProperty(limit('maxBodyBytes', 'Largest body, bytes.'))
  readonly maxBodyBytes!: number;

  @ApiProperty(limit('maxJsonDepth', 'Deepest nesting of a body.'))
  readonly maxJsonDepth!: number;

  @ApiProperty(limit('requestTimeoutMs', 'Time for receiving a request, milliseconds.'))
  readonly requestTimeoutMs!: number;

  @ApiProperty(limit('stateRequestTimeoutMs', 'Time for one request to Elasticsearch, milliseconds.'))
  readonly stateRequestTimeoutMs!: number;

  @ApiProperty(limit('defaultPageSize', 'Items per page unless asked otherwise.'))
  readonly defaultPageSize!: number;

  @ApiProperty(limit('maxPageSize', 'Most items per page.'))
  readonly maxPageSize!: number;

  @ApiProperty(limit('maxEventClients', 'Most event streams at once.'))
  readonly maxEventClients!: number;

  @ApiProperty(limit('maxEventBufferBytes', 'A listener with more unread than this is cut off, bytes.'))
  readonly maxEventBufferBytes!: number;

  @ApiProperty(limit('eventHistory', 'Events kept for resuming a stream.'))
  readonly eventHistory!: number;

  @ApiProperty(limit('idempotencyKeyLifetimeMs', 'How long an Idempotency-Key is remembered, milliseconds.'))
  readonly idempotencyKeyLifetimeMs!: number;
}

@ApiSchema({ name: 'System' })
export class SystemDto {
  @ApiProperty({ description: 'Version of Lockstep.', example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ description: 'Version of Node.js.', example: '24.11.0' })
  readonly nodeVersion!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Version of Elasticsearch; null where it cannot be seen.',
    example: '8.19.9',
  })
  readonly elasticsearchVersion!: string | null;

  @ApiProperty({ description: 'Prefix of the indices of our own state.', example: 'lockstep' })
  readonly indexPrefix!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Id of this installation, the mark on its indices; null while the state cannot be read.',
    example: 'ins_5b6f4a387d0e4f5c9a570c8a1f0f7a11',
  })
  readonly installationId!: string | null;

  @ApiProperty({ description: 'Whether requests need a token. Without one, loopback only.', example: false })
  readonly isTokenRequired!: boolean;

  @ApiProperty({ type: SystemLimitsDto, description: 'Limits of the API.' })
  readonly limits!: SystemLimitsDto;
}
