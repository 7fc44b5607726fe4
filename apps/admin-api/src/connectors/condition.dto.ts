import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '@lockstep/core';

/** Why something waits. */
@ApiSchema({ name: 'Condition' })
export class ConditionDto {
  @ApiProperty({ description: 'Short stable reason.', example: 'SourceUnreachable' })
  readonly reason!: string;

  @ApiProperty({
    enum: Object.keys(ERROR_CATALOGUE),
    description: 'Stable code, as in problems.',
    example: 'SOURCE_UNREACHABLE',
  })
  readonly code!: string;

  @ApiProperty({
    description: 'What is the matter, for people. No secrets, no document content.',
    example: 'MongoDB cannot be reached',
  })
  readonly message!: string;

  @ApiProperty({ format: 'date-time', description: 'Since when, UTC.', example: '2026-01-15T09:30:00.000Z' })
  readonly since!: string;

  @ApiProperty({
    description: 'What to do about it.',
    example: 'Check the host names, ports, TLS and network of the source URI.',
  })
  readonly remedy!: string;
}
