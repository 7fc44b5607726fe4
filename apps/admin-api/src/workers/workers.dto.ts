import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'Worker' })
export class WorkerDto {
  @ApiProperty({ description: 'Id; new at every start unless configured.', example: 'wrk_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly id!: string;

  @ApiProperty({ description: 'Version of Lockstep that it runs.', example: '0.1.0' })
  readonly version!: string;

  @ApiProperty({ description: 'Name of its machine.', example: 'worker-1' })
  readonly host!: string;

  @ApiProperty({ type: 'integer', description: 'Process id on that machine.', example: 4711 })
  readonly pid!: number;

  @ApiProperty({
    type: [String],
    description: 'Partitions held, as `<connectorId>:<generation>:<partition>`.',
    example: ['con_01kf1q2v3w4x5y6z7a8b9c0d1e:1:0'],
  })
  readonly partitions!: string[];

  @ApiProperty({ type: 'integer', description: 'Memory in use (RSS), bytes.', example: 94_371_840 })
  readonly rssBytes!: number;

  @ApiProperty({ description: 'Whether its heartbeat moves, as seen from this process.', example: true })
  readonly isAlive!: boolean;

  @ApiProperty({
    type: 'integer',
    description: 'Time since its heartbeat was last seen to move, milliseconds.',
    example: 1200,
  })
  readonly ageMs!: number;

  @ApiProperty({ format: 'date-time', description: 'Start of the process, UTC.', example: '2026-01-15T09:30:00.000Z' })
  readonly startedAt!: string;

  @ApiProperty({
    format: 'date-time',
    description: 'Last heartbeat by the clock of the worker, UTC.',
    example: '2026-01-15T09:31:00.000Z',
  })
  readonly beatAt!: string;
}

@ApiSchema({ name: 'WorkerList' })
export class WorkerListDto {
  @ApiProperty({ type: [WorkerDto], description: 'All known workers, dead ones included until they are cleaned up.' })
  readonly items!: WorkerDto[];

  @ApiProperty({ type: 'string', nullable: true, description: 'Always null: workers come in one page.', example: null })
  readonly nextPageToken!: string | null;
}
