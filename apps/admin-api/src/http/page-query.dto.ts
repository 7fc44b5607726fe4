import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { API_LIMITS } from './api-limits.js';

/** How a list is paged. */
export class PageQueryDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: API_LIMITS.maxPageSize,
    default: API_LIMITS.defaultPageSize,
    description: 'Items per page.',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(API_LIMITS.maxPageSize)
  readonly pageSize?: number;

  @ApiPropertyOptional({
    type: 'string',
    maxLength: 2_048,
    description: '`nextPageToken` of the page before; opaque.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(2_048)
  readonly pageToken?: string;
}

/** The defined members of a page query, ready to be handed on. */
export function pageOf(query: PageQueryDto): { pageSize: number; pageToken?: string } {
  return {
    pageSize: query.pageSize ?? API_LIMITS.defaultPageSize,
    ...(query.pageToken === undefined ? {} : { pageToken: query.pageToken }),
  };
}
