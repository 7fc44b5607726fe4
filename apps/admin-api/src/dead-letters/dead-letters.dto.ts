import { ApiProperty, ApiPropertyOptional, ApiSchema, IntersectionType } from '@nestjs/swagger';
import { ERROR_CATALOGUE } from '@lockstep/core';
import type { DeadLetterState } from '@lockstep/elastic-sink';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { IsIsoTime } from '../http/iso-time.js';
import { MayBeAbsent } from '../http/may-be-absent.js';
import { PageDto } from '../http/page.dto.js';
import { PageQueryDto } from '../http/page-query.dto.js';

const STATES: readonly DeadLetterState[] = ['open', 'resolved', 'discarded'];
const TIME = '2026-01-15T09:30:00.000Z';

/** Which open dead letters an action is for; all of the connector when it is empty. */
@ApiSchema({ name: 'DeadLetterSelection' })
export class DeadLetterSelectionDto {
  @ApiPropertyOptional({ type: 'string', maxLength: 256, description: 'Only of this `errorType`.' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(256)
  readonly errorType?: string;

  @ApiPropertyOptional({ type: 'string', maxLength: 1_024, description: 'Only those refused because of this field.' })
  @MayBeAbsent()
  @IsString()
  @MaxLength(1_024)
  readonly field?: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'Only those last refused at this time or later, ISO 8601 with a time zone.',
    example: TIME,
  })
  @MayBeAbsent()
  @IsIsoTime()
  readonly from?: string;

  @ApiPropertyOptional({
    type: 'string',
    format: 'date-time',
    description: 'Only those last refused before this time, ISO 8601 with a time zone.',
    example: TIME,
  })
  @MayBeAbsent()
  @IsIsoTime()
  readonly to?: string;
}

/** Which dead letters are exported. */
export class DeadLetterFilterDto extends DeadLetterSelectionDto {
  @ApiPropertyOptional({ enum: STATES, default: 'open', description: 'Only dead letters in this state.' })
  @IsOptional()
  @IsIn(STATES)
  readonly state?: DeadLetterState;
}

/** Which dead letters are listed. */
export class DeadLettersQueryDto extends IntersectionType(DeadLetterFilterDto, PageQueryDto) {}

/** Which open dead letters are tried again. */
@ApiSchema({ name: 'DeadLetterRetryRequest' })
export class RetryAllRequestDto extends DeadLetterSelectionDto {
  @ApiPropertyOptional({ enum: ['open'], default: 'open', description: 'Only open dead letters can be acted upon.' })
  @IsOptional()
  @IsIn(['open'])
  readonly state?: 'open';
}

/** Why a dead letter is given up. */
@ApiSchema({ name: 'DiscardRequest' })
export class DiscardRequestDto {
  @ApiPropertyOptional({
    type: 'string',
    maxLength: 1_000,
    description: 'Kept with the dead letter.',
    example: 'test data',
  })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  readonly reason?: string;
}

/** Which open dead letters are given up, and why. */
@ApiSchema({ name: 'DeadLetterDiscardRequest' })
export class DiscardAllRequestDto extends IntersectionType(RetryAllRequestDto, DiscardRequestDto) {}

/** How many dead letters an action was for. */
@ApiSchema({ name: 'DeadLetterCount' })
export class DeadLetterCountDto {
  @ApiProperty({ type: 'integer', description: 'Dead letters that were changed.', example: 250 })
  readonly count!: number;
}

@ApiSchema({ name: 'DeadLetterRetry' })
export class DeadLetterRetryDto {
  @ApiProperty({ format: 'date-time', description: 'When it was asked for, UTC.', example: TIME })
  readonly requestedAt!: string;

  @ApiProperty({ description: 'Who asked for it.', example: 'api' })
  readonly requestedBy!: string;
}

/** A document that is not in the index as it is in the source. */
@ApiSchema({ name: 'DeadLetter' })
export class DeadLetterDto {
  @ApiProperty({ description: 'Id.', example: 'dl_0f343b0931126a20f133d67c2b018a3b5d7a0c11' })
  readonly id!: string;

  @ApiProperty({
    enum: STATES,
    description: '`open`: not in the index. `resolved`: a later state is. `discarded`: given up.',
    example: 'open',
  })
  readonly state!: string;

  @ApiProperty({ description: 'Connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly connectorId!: string;

  @ApiProperty({ description: 'Name of the connector at that time.', example: 'shop' })
  readonly connectorName!: string;

  @ApiProperty({ description: 'Database and collection.', example: 'shop.orders' })
  readonly namespace!: string;

  @ApiProperty({ description: 'What the binding resolves to: read alias or index.', example: 'shop.orders' })
  readonly binding!: string;

  @ApiProperty({ type: 'integer', description: 'Filling of the target.', example: 1 })
  readonly generation!: number;

  @ApiProperty({ description: 'Concrete index.', example: 'shop.orders-000001' })
  readonly index!: string;

  @ApiProperty({ description: 'Id of the document in Elasticsearch.', example: '65a4f0c2b7e1d20012345678' })
  readonly documentId!: string;

  @ApiProperty({
    description: 'Its `_id` in MongoDB as typed text: the same, unless that is a hash.',
    example: '65a4f0c2b7e1d20012345678',
  })
  readonly originalId!: string;

  @ApiProperty({
    description: 'Version of the refused state, a decimal number as text.',
    example: '3002935129932365825',
  })
  readonly version!: string;

  @ApiProperty({
    enum: Object.keys(ERROR_CATALOGUE),
    description: 'Stable code, as in problems.',
    example: 'SINK_DOCUMENT_REJECTED',
  })
  readonly code!: string;

  @ApiProperty({
    description: 'What to do about it.',
    example: 'See the dead letter; change the mapping or the document, then retry it.',
  })
  readonly remedy!: string;

  @ApiProperty({
    description: '`error.type` of Elasticsearch, or the code where the document could not be converted.',
    example: 'document_parsing_exception',
  })
  readonly errorType!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Field that was refused; null where it is not known.',
    example: 'total',
  })
  readonly field!: string | null;

  @ApiProperty({ description: 'The index still holds an older state of the document.', example: false })
  readonly isStale!: boolean;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Words of Elasticsearch; null unless `sink.deadLetterContent` is set.',
    example: null,
  })
  readonly reason!: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'The refused body; null unless `sink.deadLetterContent` is set.',
    example: null,
  })
  readonly body!: string | null;

  @ApiProperty({ type: 'integer', description: 'How often it was refused since it was last in order.', example: 1 })
  readonly seenCount!: number;

  @ApiProperty({ format: 'date-time', description: 'First refusal, UTC.', example: TIME })
  readonly firstSeenAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Latest refusal, UTC.', example: TIME })
  readonly lastSeenAt!: string;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When it was resolved or discarded, UTC.',
    example: null,
  })
  readonly closedAt!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Who gave it up.', example: null })
  readonly discardedBy!: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'Why it was given up.', example: null })
  readonly discardReason!: string | null;

  @ApiProperty({
    type: DeadLetterRetryDto,
    nullable: true,
    description: 'Set until a worker has tried the document again.',
    example: null,
  })
  readonly retry!: DeadLetterRetryDto | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Why the last retry could not be made; null where it could.',
    example: null,
  })
  readonly note!: string | null;
}

@ApiSchema({ name: 'DeadLetterPage' })
export class DeadLetterPageDto extends PageDto {
  @ApiProperty({ type: [DeadLetterDto], description: 'Dead letters, the latest first.' })
  readonly items!: DeadLetterDto[];
}
