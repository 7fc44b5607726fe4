import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ConnectorStore, newConnectorId, parseConnectorInput, patchConnector } from '@lockstep/config-store';
import type { Connector } from '@lockstep/contracts';
import type { FastifyReply } from 'fastify';
import { ApiGuarded, ApiIdempotencyKey, ApiIfMatch, ETAG_HEADER, LOCATION_HEADER } from '../http/api-docs.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { checkIfMatch, quoteEtag } from '../http/if-match.js';
import { PageQueryDto, pageOf } from '../http/page-query.dto.js';
import { PathIdPipe } from '../http/path-id.pipe.js';
import { KeySource } from '../keys/key-source.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { ConnectorInputDto, ConnectorPatchDto } from './connector-input.dto.js';
import { ConnectorReader, type ShownConnector } from './connector-reader.js';
import { ConnectorRemoval } from './connector-removal.js';
import { ConnectorDto, ConnectorPageDto, DeleteConnectorQueryDto } from './connector.dto.js';

const ID = { name: 'id', description: 'Id of the connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' };
const CONNECTOR_ID = new PathIdPipe('con', 'CONNECTOR_UNKNOWN');
const EXAMPLES = {
  minimal: {
    summary: 'Into the cluster of our own state',
    value: {
      name: 'shop',
      source: { uri: 'mongodb://127.0.0.1:27017/?replicaSet=rs0', database: 'shop', collections: ['*'] },
      sink: { index: '{database}.{collection}' },
    },
  },
  sealed: {
    summary: 'With sealed secrets, into another cluster',
    value: {
      name: 'shop-search',
      source: {
        uri: { sealed: 'eyJhbGciOiJSU0EtT0FFUC0yNTYi….….….….…' },
        database: 'shop',
        collections: ['orders', 'cust*'],
      },
      sink: {
        index: 'shop-{collection}',
        elasticsearch: { url: 'https://search.example.org:9200', apiKey: { config: 'search-api-key' } },
      },
    },
  },
};

/** Definitions of what is copied where. */
@ApiTags('connectors')
@UseGuards(StateReadyGuard)
@UseInterceptors(IdempotencyInterceptor)
@Controller('api/v1/connectors')
export class ConnectorsController {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly reader: ConnectorReader,
    private readonly removal: ConnectorRemoval,
    private readonly keys: KeySource,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'connectors.list',
    summary: 'List connectors',
    description: 'With what is seen of each.',
  })
  @ApiOkResponse({ type: ConnectorPageDto, description: 'One page.' })
  @ApiGuarded('API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async list(@Query() query: PageQueryDto): Promise<object> {
    return this.reader.list(pageOf(query));
  }

  @Post()
  @ApiOperation({
    operationId: 'connectors.create',
    summary: 'Create a connector',
    description: 'It is stopped at first: start it by its action. Values with secrets are sealed on receipt.',
  })
  @ApiIdempotencyKey()
  @ApiBody({ type: ConnectorInputDto, examples: EXAMPLES })
  @ApiCreatedResponse({ type: ConnectorDto, description: 'Created.', headers: { ...LOCATION_HEADER, ...ETAG_HEADER } })
  @ApiGuarded(
    'API_REQUEST_MALFORMED',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
    'API_BODY_TOO_LARGE',
    'API_MEDIA_TYPE_UNSUPPORTED',
    'CONNECTOR_NAME_TAKEN',
    'SOURCE_URI_INVALID',
    'SECRET_MALFORMED',
    'KEY_UNKNOWN',
    'KEY_MISSING',
    'API_IDEMPOTENCY_CONFLICT',
  )
  async create(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<ShownConnector> {
    const id = newConnectorId();
    const config = await parseConnectorInput(body, { id, sealer: this.keys.sealer() });
    const connector = await this.connectors.create(config, id);
    void reply.header('location', `/api/v1/connectors/${connector.id}`);
    return this.#show(connector, reply);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'connectors.get', summary: 'Read a connector', description: 'Secrets are redacted.' })
  @ApiParam(ID)
  @ApiOkResponse({ type: ConnectorDto, description: 'The connector.', headers: ETAG_HEADER })
  @ApiGuarded('CONNECTOR_UNKNOWN')
  async get(
    @Param('id', CONNECTOR_ID) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownConnector> {
    return this.#show(await this.connectors.get(id), reply);
  }

  @Patch(':id')
  @ApiOperation({
    operationId: 'connectors.update',
    summary: 'Change a connector',
    description:
      'RFC 7396 merge patch, also as `application/json`: what is not named stays, null clears. Secrets that are not named stay as they are.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiConsumes('application/merge-patch+json', 'application/json')
  @ApiBody({
    type: ConnectorPatchDto,
    examples: { rename: { value: { name: 'shop-2' } }, narrow: { value: { source: { collections: ['orders'] } } } },
  })
  @ApiOkResponse({ type: ConnectorDto, description: 'Changed.', headers: ETAG_HEADER })
  @ApiGuarded(
    'CONNECTOR_UNKNOWN',
    'API_REQUEST_MALFORMED',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
    'API_PRECONDITION_FAILED',
    'API_BODY_TOO_LARGE',
    'API_MEDIA_TYPE_UNSUPPORTED',
    'CONNECTOR_NAME_TAKEN',
    'CONFIG_VERSION_CONFLICT',
    'SOURCE_URI_INVALID',
    'SECRET_MALFORMED',
    'KEY_UNKNOWN',
    'KEY_MISSING',
  )
  async update(
    @Param('id', CONNECTOR_ID) id: string,
    @Body() patch: unknown,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownConnector> {
    const current = await this.connectors.get(id);
    checkIfMatch(ifMatch, current.etag);
    const input = patchConnector(current, patch ?? {});
    const config = await parseConnectorInput(input, { id, sealer: this.keys.sealer(), current: current.config });
    // The patch was applied to what was read: whoever was faster must not be overwritten, asked for or not.
    return this.#show(await this.connectors.replaceConfig(id, config, current.etag), reply);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({
    operationId: 'connectors.delete',
    summary: 'Delete a connector',
    description:
      'Stops it, waits until no worker holds it, removes its state. Its indices stay unless asked otherwise. Can be repeated.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiNoContentResponse({ description: 'Deleted.' })
  @ApiGuarded(
    'CONNECTOR_UNKNOWN',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
    'API_PRECONDITION_FAILED',
    'JOB_STATE_CONFLICT',
  )
  async delete(
    @Param('id', CONNECTOR_ID) id: string,
    @Query() query: DeleteConnectorQueryDto,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<void> {
    await this.removal.remove({ connectorId: id, ifMatch, shouldDeleteIndices: query.deleteIndices === 'true' });
  }

  async #show(connector: Connector, reply: FastifyReply): Promise<ShownConnector> {
    void reply.header('etag', quoteEtag(connector.etag));
    return this.reader.show(connector);
  }
}
