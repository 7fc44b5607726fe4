import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-docs.js';
import { KeySource } from './key-source.js';
import { JsonWebKeySetDto } from './keys.dto.js';

const CACHE = 'public, max-age=60';

/** Publishes the keys that secrets are sealed with. */
@ApiTags('keys')
@Controller()
export class KeysController {
  constructor(private readonly keys: KeySource) {}

  @Get('public_key')
  @Header('content-type', 'application/x-pem-file')
  @Header('cache-control', CACHE)
  @ApiOperation({
    operationId: 'keys.publicKey',
    summary: 'The current public key',
    description: 'PEM, SPKI. Whoever has it can seal values that only the workers can read.',
    security: [],
  })
  @ApiOkResponse({
    description: 'The key.',
    content: {
      'application/x-pem-file': {
        schema: { type: 'string' },
        example: '-----BEGIN PUBLIC KEY-----\nMIIBojANBgkqhkiG9w0BAQEFAAOCAY8A…\n-----END PUBLIC KEY-----\n',
      },
    },
  })
  @ApiProblems('KEY_MISSING')
  publicKey(): string {
    return this.keys.ring().current.pem;
  }

  @Get('.well-known/jwks.json')
  @Header('cache-control', CACHE)
  @ApiOperation({
    operationId: 'keys.jwks',
    summary: 'The public keys as a JWK set',
    description: 'The current key first; older ones are still accepted. Public members only.',
    security: [],
  })
  @ApiOkResponse({ type: JsonWebKeySetDto, description: 'The key set.' })
  @ApiProblems('KEY_MISSING')
  jwks(): object {
    return this.keys.ring().jwks();
  }
}
