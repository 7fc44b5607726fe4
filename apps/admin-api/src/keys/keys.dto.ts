import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'JsonWebKey' })
export class JsonWebKeyDto {
  @ApiProperty({ description: 'Key type.', example: 'RSA' })
  readonly kty!: string;

  @ApiProperty({
    description: 'RFC 7638 thumbprint; goes into the header of a JWE.',
    example: 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE',
  })
  readonly kid!: string;

  @ApiProperty({ enum: ['enc'], description: 'The key encrypts.' })
  readonly use!: string;

  @ApiProperty({ description: 'The one `alg` that is accepted.', example: 'RSA-OAEP-256' })
  readonly alg!: string;

  @ApiProperty({ description: 'The one `enc` that is accepted.', example: 'A256GCM' })
  readonly enc!: string;

  @ApiProperty({ description: 'Modulus, base64url.', example: 'sXch…' })
  readonly n!: string;

  @ApiProperty({ description: 'Public exponent, base64url.', example: 'AQAB' })
  readonly e!: string;
}

@ApiSchema({ name: 'JsonWebKeySet' })
export class JsonWebKeySetDto {
  @ApiProperty({ type: [JsonWebKeyDto], description: 'Public keys, the current one first.' })
  readonly keys!: JsonWebKeyDto[];
}
