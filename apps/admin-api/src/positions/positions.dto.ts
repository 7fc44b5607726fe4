import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { IsNotEmpty, IsOptional, IsString, MaxLength } from 'class-validator';

/** From where on changes are to be read, and why. */
@ApiSchema({ name: 'SetPositionRequest' })
export class SetPositionRequestDto {
  @ApiPropertyOptional({
    type: 'string',
    maxLength: 64,
    description: 'ISO 8601 with a time zone, to the second, or a cluster time as `<seconds>.<increment>`.',
    example: '2026-01-15T09:30:00Z',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  readonly time?: string;

  @ApiPropertyOptional({
    type: 'string',
    maxLength: 4_096,
    description: 'The hex text of `_data` of a resume token of the source; instead of `time`.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(4_096)
  readonly token?: string;

  @ApiProperty({ maxLength: 1_000, description: 'Kept in the audit index.', example: 'the backup was restored' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  readonly reason!: string;
}

/** What an override came to. */
@ApiSchema({ name: 'PositionChange' })
export class PositionChangeDto {
  @ApiProperty({ description: 'Connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' })
  readonly connectorId!: string;

  @ApiProperty({ description: 'Id of the record in the audit index.', example: 'aud_5b6f4a387d0e4f5c9a570c8a1f0f7a11' })
  readonly auditId!: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Position before, as `<seconds>.<increment>`; of several partitions the earliest.',
    example: '1768469400.5',
  })
  readonly from!: string | null;

  @ApiProperty({ description: 'Position now, as `<seconds>.<increment>`.', example: '1768465800.0' })
  readonly to!: string;

  @ApiProperty({
    description: 'Changes were left out: a bulk sync reads everything again as soon as the connector runs.',
    example: false,
  })
  readonly isResyncDue!: boolean;
}
