import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'HealthCheck' })
export class HealthCheckDto {
  @ApiProperty({ description: 'Whether this part is as it should be.', example: true })
  readonly isHealthy!: boolean;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Code of what is wrong; null when nothing is.',
    example: null,
  })
  readonly code!: string | null;
}

@ApiSchema({ name: 'HealthChecks' })
export class HealthChecksDto {
  @ApiProperty({ type: HealthCheckDto, description: 'Elasticsearch answers.' })
  readonly elasticsearch!: HealthCheckDto;

  @ApiProperty({ type: HealthCheckDto, description: 'The indices of our own state are there.' })
  readonly stateIndices!: HealthCheckDto;

  @ApiProperty({ type: HealthCheckDto, description: 'There is a public key to seal with.' })
  readonly keys!: HealthCheckDto;
}

@ApiSchema({ name: 'Readiness' })
export class ReadinessDto {
  @ApiProperty({ enum: ['ready', 'not_ready'], description: 'Whether requests can be served.', example: 'ready' })
  readonly status!: string;

  @ApiProperty({ type: HealthChecksDto, description: 'Part by part.' })
  readonly checks!: HealthChecksDto;
}

@ApiSchema({ name: 'Liveness' })
export class LivenessDto {
  @ApiProperty({ enum: ['live'], description: 'The process answers.', example: 'live' })
  readonly status!: string;
}
