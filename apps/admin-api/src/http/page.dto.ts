import { ApiProperty } from '@nestjs/swagger';

/** What every page of a list tells besides its items. */
export abstract class PageDto {
  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Token of the next page; null on the last one.',
    example: null,
  })
  readonly nextPageToken!: string | null;
}
