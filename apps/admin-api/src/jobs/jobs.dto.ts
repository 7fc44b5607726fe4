import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { JobState, JobType } from '@lockstep/contracts';
import { ERROR_CATALOGUE } from '@lockstep/core';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ConditionDto } from '../connectors/condition.dto.js';
import { PageDto } from '../http/page.dto.js';
import { PageQueryDto } from '../http/page-query.dto.js';

export const JOB_TYPES: readonly JobType[] = ['bulk_sync', 'stream_sync'];
export const JOB_STATES: readonly JobState[] = [
  'pending',
  'running',
  'paused',
  'completed',
  'failed',
  'canceling',
  'canceled',
];
const TIME = '2026-01-15T09:30:00.000Z';

@ApiSchema({ name: 'OplogHeadroom' })
export class OplogHeadroomDto {
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Time until the position is overwritten, were it to stand still, milliseconds; null where not known.',
    example: 82_800_000,
  })
  readonly headroomMs!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Time that the oplog spans when it is full, milliseconds; null where not known.',
    example: 86_400_000,
  })
  readonly windowMs!: number | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    enum: ['SOURCE_OPLOG_UNREADABLE', null],
    description: 'Why it is not known; null where it is.',
    example: null,
  })
  readonly unknownCode!: string | null;
}

@ApiSchema({ name: 'JobProgress' })
export class JobProgressDto {
  @ApiProperty({
    enum: ['starting', 'scanning', 'sweeping', 'streaming', 'done'],
    description: 'What it is at.',
    example: 'scanning',
  })
  readonly phase!: string;

  @ApiProperty({
    type: 'integer',
    description: 'Documents read (bulk sync) or changes applied (stream sync) so far.',
    example: 12_000,
  })
  readonly done!: number;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Estimate of the documents to read.', example: 50_000 })
  readonly total!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Documents or changes per second.', example: 8_400 })
  readonly ratePerSecond!: number | null;

  @ApiProperty({ type: 'number', nullable: true, description: 'Estimate of the time left, seconds.', example: 4.5 })
  readonly etaSeconds!: number | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How far behind the source, milliseconds.',
    example: 350,
  })
  readonly lagMs!: number | null;

  @ApiProperty({
    type: OplogHeadroomDto,
    nullable: true,
    description: 'How long the source keeps what the stream has not read; null until it was looked for.',
  })
  readonly headroom!: OplogHeadroomDto | null;
}

@ApiSchema({ name: 'JobCounters' })
export class JobCountersDto {
  @ApiProperty({ type: 'integer', description: 'Writes of a document that Elasticsearch took.', example: 12_000 })
  readonly indexed!: number;

  @ApiProperty({ type: 'integer', description: 'Documents removed from the index.', example: 3 })
  readonly deleted!: number;

  @ApiProperty({ type: 'integer', description: 'Documents that did not need a write.', example: 0 })
  readonly skipped!: number;

  @ApiProperty({ type: 'integer', description: 'Documents that were refused and kept as dead letters.', example: 0 })
  readonly deadLettered!: number;

  @ApiProperty({ type: 'integer', description: 'Items that were sent again.', example: 0 })
  readonly retried!: number;

  @ApiProperty({ type: 'integer', description: 'Writes that found a newer version in the index: success.', example: 7 })
  readonly conflicts!: number;
}

@ApiSchema({ name: 'JobError' })
export class JobErrorDto {
  @ApiProperty({
    enum: Object.keys(ERROR_CATALOGUE),
    description: 'Stable code, as in problems.',
    example: 'SOURCE_AUTH_FAILED',
  })
  readonly code!: string;

  @ApiProperty({ description: 'What happened, for people.', example: 'MongoDB refuses the credentials' })
  readonly message!: string;
}

/** A run of work. */
@ApiSchema({ name: 'Job' })
export class JobDto {
  @ApiProperty({ description: 'Id.', example: 'job_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly id!: string;

  @ApiProperty({ enum: JOB_TYPES, description: 'What kind of work.', example: 'bulk_sync' })
  readonly type!: string;

  @ApiProperty({ description: 'Connector that it works for.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly connectorId!: string;

  @ApiProperty({ description: 'Name of the connector when the job was made.', example: 'shop' })
  readonly connectorName!: string;

  @ApiProperty({ enum: JOB_STATES, description: 'Where it stands.', example: 'running' })
  readonly state!: string;

  @ApiProperty({ type: ConditionDto, nullable: true, description: 'Why it waits; null when it does not.' })
  readonly condition!: ConditionDto | null;

  @ApiProperty({ type: JobProgressDto, description: 'How far it is; the newest that a worker has told.' })
  readonly progress!: JobProgressDto;

  @ApiProperty({
    type: JobCountersDto,
    description: 'What has become of documents in this run, up to the last checkpoint.',
  })
  readonly counters!: JobCountersDto;

  @ApiProperty({ type: JobErrorDto, nullable: true, description: 'Why it failed; null when it did not.' })
  readonly error!: JobErrorDto | null;

  @ApiProperty({ enum: ['api', 'system', 'policy'], description: 'Who asked for it.', example: 'api' })
  readonly requestedBy!: string;

  @ApiProperty({ description: 'Everything that the brake held is confirmed.', example: false })
  readonly confirmed!: boolean;

  @ApiProperty({
    type: [String],
    description: 'Collections that the brake holds until they are confirmed.',
    example: [],
  })
  readonly heldCollections!: string[];

  @ApiProperty({
    type: [String],
    description: 'Collections that were confirmed: the brake lets them pass in this job, until they are taken up anew.',
    example: [],
  })
  readonly confirmedCollections!: string[];

  @ApiProperty({
    type: [String],
    nullable: true,
    description: 'Collections to read again; null is all.',
    example: null,
  })
  readonly collections!: string[] | null;

  @ApiProperty({
    type: 'string',
    enum: ['inPlace', 'newGeneration', 'rollback'],
    nullable: true,
    description: 'How a resync fills the targets; null for the first bulk sync and for stream syncs.',
    example: null,
  })
  readonly mode!: string | null;

  @ApiProperty({ format: 'date-time', description: 'Creation, UTC.', example: TIME })
  readonly createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'Start, UTC.', example: TIME })
  readonly startedAt!: string | null;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true, description: 'End, UTC.', example: null })
  readonly finishedAt!: string | null;

  @ApiProperty({ format: 'date-time', description: 'Last change, UTC.', example: TIME })
  readonly updatedAt!: string;
}

/** What is confirmed. */
@ApiSchema({ name: 'ConfirmRequest' })
export class ConfirmRequestDto {
  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: 1_000,
    description: 'Some of `heldCollections`; all of them by default.',
    example: ['orders'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  readonly collections?: string[];
}

@ApiSchema({ name: 'JobPage' })
export class JobPageDto extends PageDto {
  @ApiProperty({ type: [JobDto], description: 'Jobs, newest first.' })
  readonly items!: JobDto[];
}

export class JobsQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ type: 'string', maxLength: 64, description: 'Only jobs of this connector.' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly connectorId?: string;

  @ApiPropertyOptional({ enum: JOB_TYPES, description: 'Only jobs of this type.' })
  @IsOptional()
  @IsIn(JOB_TYPES)
  readonly type?: JobType;

  @ApiPropertyOptional({ enum: JOB_STATES, description: 'Only jobs in this state.' })
  @IsOptional()
  @IsIn(JOB_STATES)
  readonly state?: JobState;
}
