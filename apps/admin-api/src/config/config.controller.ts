import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Put, Query, Res, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { ConfigEntries, type ConfigEntryView } from '@lockstep/config-store';
import { hasCode, LockstepError } from '@lockstep/core';
import type { FastifyReply } from 'fastify';
import { ApiGuarded, ApiIfMatch, ETAG_HEADER } from '../http/api-docs.js';
import { checkIfMatch, quoteEtag } from '../http/if-match.js';
import { PageQueryDto, pageOf } from '../http/page-query.dto.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { ConfigEntryDto, ConfigEntryPageDto, PlainValueDto, SealedValueDto, SecretValueDto } from './config.dto.js';

type ShownEntry = Omit<ConfigEntryView, 'etag'>;

const shown = ({ etag: _etag, ...entry }: ConfigEntryView): ShownEntry => entry;

/** Key/value entries that connectors refer to by `{"config": "key"}`. */
@ApiTags('config')
@ApiExtraModels(PlainValueDto, SecretValueDto, SealedValueDto)
@UseGuards(StateReadyGuard)
@Controller('api/v1/config')
export class ConfigController {
  constructor(private readonly entries: ConfigEntries) {}

  @Get()
  @ApiOperation({
    operationId: 'config.list',
    summary: 'List config entries',
    description: 'Sealed values are not shown.',
  })
  @ApiOkResponse({ type: ConfigEntryPageDto, description: 'One page.' })
  @ApiGuarded('API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async list(@Query() query: PageQueryDto): Promise<object> {
    const page = await this.entries.list(pageOf(query));
    return { items: page.items.map(shown), nextPageToken: page.nextPageToken };
  }

  @Get(':key')
  @ApiOperation({
    operationId: 'config.get',
    summary: 'Read a config entry',
    description: 'A sealed value is not shown.',
  })
  @ApiParam({ name: 'key', description: 'Name of the entry.', example: 'shop-mongodb-uri' })
  @ApiOkResponse({ type: ConfigEntryDto, description: 'The entry.', headers: ETAG_HEADER })
  @ApiGuarded('CONFIG_ENTRY_UNKNOWN')
  async get(@Param('key') key: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<ShownEntry> {
    const entry = await this.entries.get(key);
    void reply.header('etag', quoteEtag(entry.etag));
    return shown(entry);
  }

  @Put(':key')
  @ApiOperation({
    operationId: 'config.put',
    summary: 'Create or replace a config entry',
    description:
      'Exactly one of `value`, `secret`, `sealed`. Workers use the new value when they connect the next time.',
  })
  @ApiParam({ name: 'key', description: 'Name of the entry.', example: 'shop-mongodb-uri' })
  @ApiIfMatch()
  @ApiBody({
    schema: { oneOf: [PlainValueDto, SecretValueDto, SealedValueDto].map((dto) => ({ $ref: getSchemaPath(dto) })) },
    examples: {
      plain: { summary: 'A plain value', value: { value: 'mongodb://127.0.0.1:27017/?replicaSet=rs0' } },
      secret: { summary: 'A secret, sealed on receipt', value: { secret: 'correct horse battery staple' } },
      sealed: { summary: 'A value sealed by the client', value: { sealed: 'eyJhbGciOiJSU0EtT0FFUC0yNTYi….….….….…' } },
    },
  })
  @ApiOkResponse({ type: ConfigEntryDto, description: 'Replaced.', headers: ETAG_HEADER })
  @ApiCreatedResponse({ type: ConfigEntryDto, description: 'Created.', headers: ETAG_HEADER })
  @ApiGuarded(
    'API_REQUEST_MALFORMED',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
    'API_PRECONDITION_FAILED',
    'API_BODY_TOO_LARGE',
    'API_MEDIA_TYPE_UNSUPPORTED',
    'CONFIG_VERSION_CONFLICT',
    'SECRET_MALFORMED',
    'KEY_UNKNOWN',
    'KEY_MISSING',
  )
  async put(
    @Param('key') key: string,
    @Body() body: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownEntry> {
    const condition = ifMatch === undefined ? undefined : checkIfMatch(ifMatch, await this.#etagOf(key));
    const { entry, isNew } = await this.entries.put(key, body, condition);
    void reply.status(isNew ? 201 : 200).header('etag', quoteEtag(entry.etag));
    return shown(entry);
  }

  @Delete(':key')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'config.delete',
    summary: 'Delete a config entry',
    description: 'Connectors that refer to it fail at their next connection with CONFIG_ENTRY_UNKNOWN.',
  })
  @ApiParam({ name: 'key', description: 'Name of the entry.', example: 'shop-mongodb-uri' })
  @ApiIfMatch()
  @ApiNoContentResponse({ description: 'Deleted.' })
  @ApiGuarded('CONFIG_ENTRY_UNKNOWN', 'API_PRECONDITION_FAILED', 'CONFIG_VERSION_CONFLICT')
  async delete(@Param('key') key: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    const condition = ifMatch === undefined ? undefined : checkIfMatch(ifMatch, (await this.entries.get(key)).etag);
    await this.entries.delete(key, condition);
  }

  /** A condition on an entry that does not exist fails; it is not the entry that is asked for. */
  async #etagOf(key: string): Promise<string> {
    try {
      return (await this.entries.get(key)).etag;
    } catch (error) {
      throw hasCode(error, 'CONFIG_ENTRY_UNKNOWN') ? new LockstepError('API_PRECONDITION_FAILED') : error;
    }
  }
}
