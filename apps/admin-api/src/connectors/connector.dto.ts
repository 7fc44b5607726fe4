import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsArray, IsIn, IsOptional, IsString, ArrayMaxSize, ArrayMinSize, MaxLength } from 'class-validator';
import { PageDto } from '../http/page.dto.js';
import { ConditionDto } from './condition.dto.js';

export const OBSERVED_STATES = [
  'idle',
  'starting',
  'scanning',
  'streaming',
  'waiting',
  'paused',
  'resync_required',
  'attention',
  'failed',
];

@ApiSchema({ name: 'Binding' })
export class BindingDto {
  @ApiProperty({ description: 'Database and collection.', example: 'shop.orders' })
  readonly namespace!: string;

  @ApiProperty({ description: 'Target that it goes to.', example: 'shop.orders' })
  readonly index!: string;
}

/** A connector as it is shown: secrets are redacted or named, never given. */
@ApiSchema({ name: 'Connector' })
export class ConnectorDto {
  @ApiProperty({ description: 'Id.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly id!: string;

  @ApiProperty({ description: 'Unique name.', example: 'shop' })
  readonly name!: string;

  @ApiProperty({ type: 'integer', description: 'Counts the changes of the definition, from 1.', example: 1 })
  readonly revision!: number;

  @ApiProperty({ enum: ['running', 'paused', 'stopped'], description: 'What the operator wants.', example: 'running' })
  readonly desiredState!: string;

  @ApiProperty({ enum: OBSERVED_STATES, description: 'What is seen to be.', example: 'streaming' })
  readonly observedState!: string;

  @ApiProperty({ type: [ConditionDto], description: 'Why it waits or needs a person; empty when all is well.' })
  readonly conditions!: ConditionDto[];

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'What is followed, as in the input. The URI is redacted; a sealed value is shown by its key id alone.',
    example: { uri: 'mongodb://***@127.0.0.1:27017/?replicaSet=rs0', database: 'shop', collections: ['orders'] },
  })
  readonly source!: Record<string, unknown>;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'Where it goes, as in the input with its defaults filled in.',
    example: {
      index: '{database}.{collection}',
      layout: 'alias',
      adopt: false,
      onRefused: 'delete',
      brakeRatio: 0.2,
      deadLetterContent: false,
      errorMonitor: { consecutive: 100, ratio: 0.15, window: 1_000, total: null },
    },
  })
  readonly sink!: Record<string, unknown>;

  @ApiProperty({ type: [BindingDto], description: 'Namespaces and targets that a worker has found; empty until then.' })
  readonly bindings!: BindingDto[];

  @ApiProperty({
    type: 'integer',
    description:
      'Open dead letters: documents that are not in the index as they are in the source. Up to a second old.',
    example: 0,
  })
  readonly openDeadLetters!: number;

  @ApiProperty({ format: 'date-time', description: 'Creation, UTC.', example: '2026-01-15T09:30:00.000Z' })
  readonly createdAt!: string;

  @ApiProperty({ format: 'date-time', description: 'Last change, UTC.', example: '2026-01-15T09:30:00.000Z' })
  readonly updatedAt!: string;
}

@ApiSchema({ name: 'ConnectorPage' })
export class ConnectorPageDto extends PageDto {
  @ApiProperty({ type: [ConnectorDto], description: 'Connectors.' })
  readonly items!: ConnectorDto[];
}

export class DeleteConnectorQueryDto {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description:
      'Delete the indices that carry the mark of this connector too. Refused (422) for a connector with `sink.elasticsearch`: the API has no credentials for that cluster.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  readonly deleteIndices?: 'true' | 'false';
}

/** What a resync is to do. */
@ApiSchema({ name: 'ResyncRequest' })
export class ResyncRequestDto {
  @ApiPropertyOptional({
    type: [String],
    minItems: 1,
    maxItems: 1_000,
    description: 'Names of collections to read again, no patterns; all of the connector by default.',
    example: ['orders'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsString({ each: true })
  @MaxLength(255, { each: true })
  readonly collections?: string[];

  @ApiPropertyOptional({
    enum: ['newGeneration', 'inPlace'],
    description:
      '`newGeneration`: fill an index of its own beside the one that serves, then move the read aliases in one step; the old index is kept for a rollback. `inPlace`: read again into the same index, then remove what is no longer in the source. Default: `newGeneration`; `inPlace` in the layout `index` and where `collections` are named.',
  })
  @IsOptional()
  @IsIn(['newGeneration', 'inPlace'])
  readonly mode?: 'newGeneration' | 'inPlace';
}
