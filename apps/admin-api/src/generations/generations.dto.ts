import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { GenerationState } from '@lockstep/contracts';
import { BindingDto } from '../connectors/connector.dto.js';

export const GENERATION_STATES: readonly GenerationState[] = [
  'filling',
  'returning',
  'switching',
  'serving',
  'retired',
  'discarding',
];

/** Why a retired generation is still there. */
@ApiSchema({ name: 'KeptGeneration' })
export class KeptGenerationDto {
  @ApiProperty({
    format: 'date-time',
    description: 'When it was to be deleted, UTC.',
    example: '2026-01-15T09:40:00.000Z',
  })
  readonly since!: string;

  @ApiProperty({
    description: 'Which alias leads to which of its indices.',
    example: 'Not deleted: searches by the alias orders go to orders-000001',
  })
  readonly message!: string;
}

/** One filling of the targets of a connector. */
@ApiSchema({ name: 'Generation' })
export class GenerationDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'Number, never used twice within a connector.', example: 2 })
  readonly number!: number;

  @ApiProperty({
    enum: GENERATION_STATES,
    description:
      '`filling`: read by nobody yet. `returning`: replays what it missed before it serves again. `switching`: the read aliases move to it now. `serving`: the read aliases lead to it. `retired`: kept for a rollback. `discarding`: being deleted.',
    example: 'serving',
  })
  readonly state!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Job that filled it or brought it back; null for the first one.',
    example: 'job_01kf1q2v3w4x5y6z7a8b9c0d1e',
  })
  readonly jobId!: string | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Revision of the connector when it was begun; null for the first one.',
    example: 3,
  })
  readonly revision!: number | null;

  @ApiProperty({ type: [BindingDto], description: 'Namespaces and indices, as far as a worker has made them.' })
  readonly bindings!: BindingDto[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'Documents that searches find in its indices. While it is filled, those of the last refresh. Null where the API cannot ask, as with `sink.elasticsearch`.',
    example: 120_000,
  })
  readonly documents!: number | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description:
      'Changes of the source up to here are in it, UTC; a rollback replays what came since. Null while it has no position.',
    example: '2026-01-15T09:40:00.000Z',
  })
  readonly followedTo!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Beginning, UTC; null for the first one.',
    example: '2026-01-15T09:30:00.000Z',
  })
  readonly createdAt!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'Since when it serves, or served; null for the first one and for one that has not served.',
    example: '2026-01-15T09:35:00.000Z',
  })
  readonly servingSince!: string | null;

  @ApiProperty({
    type: 'string',
    format: 'date-time',
    nullable: true,
    description: 'When another one took its place; null otherwise.',
    example: null,
  })
  readonly retiredAt!: string | null;

  @ApiProperty({
    type: KeptGenerationDto,
    nullable: true,
    description: 'Set when it was to be deleted and was not, because searches go to it; null otherwise.',
    example: null,
  })
  readonly kept!: KeptGenerationDto | null;
}

@ApiSchema({ name: 'GenerationList' })
export class GenerationListDto {
  @ApiProperty({ type: [GenerationDto], description: 'Generations, oldest first.' })
  readonly items!: GenerationDto[];

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Number of the one that a rollback returns to; null when there is none.',
    example: 1,
  })
  readonly rollbackTo!: number | null;
}
