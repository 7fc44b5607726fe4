import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { PageDto } from '../http/page.dto.js';

const ANY_JSON = {
  oneOf: [
    { type: 'object' },
    { type: 'array', items: {} },
    { type: 'string' },
    { type: 'number' },
    { type: 'boolean' },
  ],
  nullable: true,
};

@ApiSchema({ name: 'PlainValue' })
export class PlainValueDto {
  @ApiProperty({
    ...ANY_JSON,
    description: 'Any JSON value; stored and shown as it is.',
    example: 'mongodb://127.0.0.1:27017/?replicaSet=rs0',
  })
  readonly value!: unknown;
}

@ApiSchema({ name: 'SecretValue' })
export class SecretValueDto {
  @ApiProperty({
    description: 'Plain text that is sealed on receipt and never shown again.',
    example: 'correct horse battery staple',
    writeOnly: true,
  })
  readonly secret!: string;
}

@ApiSchema({ name: 'SealedValue' })
export class SealedValueDto {
  @ApiProperty({
    description:
      'Compact JWE made by the client with a key of `/.well-known/jwks.json`; header with `alg`, `enc` and `kid` as given there, and optionally `lsk: {purpose, subject}`.',
    example: 'eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIiwia2lkIjoi….….….….…',
    writeOnly: true,
  })
  readonly sealed!: string;
}

@ApiSchema({ name: 'ConfigEntry' })
export class ConfigEntryDto {
  @ApiProperty({ description: 'Name of the entry.', example: 'shop-mongodb-uri' })
  readonly key!: string;

  @ApiProperty({
    description: 'Whether the value is sealed. A sealed value is never shown, nor is its ciphertext.',
    example: true,
  })
  readonly sealed!: boolean;

  @ApiPropertyOptional({ ...ANY_JSON, description: 'The value of a plain entry; absent for a sealed one.' })
  readonly value?: unknown;

  @ApiPropertyOptional({
    description: 'Key that the value is sealed with; absent for a plain entry.',
    example: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE',
  })
  readonly keyId?: string;

  @ApiProperty({ format: 'date-time', description: 'Last change, UTC.', example: '2026-01-15T09:30:00.000Z' })
  readonly updatedAt!: string;
}

@ApiSchema({ name: 'ConfigEntryPage' })
export class ConfigEntryPageDto extends PageDto {
  @ApiProperty({ type: [ConfigEntryDto], description: 'Entries in the order of their keys.' })
  readonly items!: ConfigEntryDto[];
}
