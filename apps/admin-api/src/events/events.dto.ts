import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';

const TIME = '2026-01-15T09:30:00.000Z';
const CONNECTOR = 'con_01kf1q2v3w4x5y6z7a8b9c0d1e';

export class EventsQueryDto {
  @ApiPropertyOptional({
    type: 'string',
    pattern: '^con_[0-9a-z]{26}$',
    description: 'Only events of this connector, and of workers.',
  })
  @IsOptional()
  @Matches(/^con_[0-9a-z]{26}$/, { message: 'must be the id of a connector' })
  readonly connectorId?: string;
}

/** Data of `reset`: forget everything, a snapshot follows. */
@ApiSchema({ name: 'ResetEvent' })
export class ResetEventDto {
  @ApiProperty({ enum: ['connected', 'unknown_last_event_id'], description: 'Why.', example: 'connected' })
  readonly reason!: string;
}

/** Data of `connector`, `job` or `worker` when it is no longer there. */
@ApiSchema({ name: 'GoneEvent' })
export class GoneEventDto {
  @ApiProperty({ description: 'Id of what is gone.', example: CONNECTOR })
  readonly id!: string;

  @ApiProperty({ enum: [true], description: 'Always true.' })
  readonly deleted!: boolean;
}

/** Data of `change`: one change that was applied; never a body. */
@ApiSchema({ name: 'ChangeEvent' })
export class ChangeEventDto {
  @ApiProperty({
    enum: ['insert', 'update', 'replace', 'delete', 'drop', 'rename', 'invalidate'],
    description: 'What happened in the source.',
    example: 'update',
  })
  readonly operation!: string;

  @ApiProperty({ description: 'Connector that applied it.', example: CONNECTOR })
  readonly connectorId!: string;

  @ApiProperty({ description: 'Database and collection.', example: 'shop.orders' })
  readonly namespace!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Id of the document in Elasticsearch; null for drop, rename, invalidate.',
    example: '65a4f0c2b7e1d20012345678',
  })
  readonly id!: string | null;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was made in the source, UTC, to the second.',
    example: TIME,
  })
  readonly at!: string;

  @ApiProperty({
    type: 'integer',
    description: 'Grows by one per change within a life of the worker; a gap means changes that are not shown.',
    example: 42,
  })
  readonly sequence!: number;

  @ApiProperty({ description: 'Worker that applied it.', example: 'wrk_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly workerId!: string;
}

/** Data of `lag`. */
@ApiSchema({ name: 'LagEvent' })
export class LagEventDto {
  @ApiProperty({ description: 'Connector.', example: CONNECTOR })
  readonly connectorId!: string;

  @ApiProperty({ description: 'Job that measured it.', example: 'job_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly jobId!: string;

  @ApiProperty({ type: 'integer', description: 'How far behind the source, milliseconds.', example: 350 })
  readonly lagMs!: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How much history the source keeps beyond our position, milliseconds; null where it is not known.',
    example: 82_800_000,
  })
  readonly headroomMs!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Time that the oplog spans when it is full, milliseconds; null where it is not known.',
    example: 86_400_000,
  })
  readonly windowMs!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Documents or changes per second.', example: 120 })
  readonly ratePerSecond!: number | null;

  @ApiProperty({ format: 'date-time', description: 'When the worker told it, UTC.', example: TIME })
  readonly at!: string;
}
