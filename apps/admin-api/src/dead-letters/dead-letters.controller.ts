import { Body, Controller, Get, HttpCode, Param, Post, Query, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ConnectorStore } from '@lockstep/config-store';
import { LockstepError } from '@lockstep/core';
import { type DeadLetter, DeadLetterStore } from '@lockstep/elastic-sink';
import { ApiGuarded, ApiIdempotencyKey } from '../http/api-docs.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { pageOf } from '../http/page-query.dto.js';
import { PathIdPipe } from '../http/path-id.pipe.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { DeadLetterDto, DeadLetterPageDto, DeadLettersQueryDto, DiscardRequestDto } from './dead-letters.dto.js';

const CONNECTOR = { name: 'id', description: 'Id of the connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' };
const LETTER = {
  name: 'letterId',
  description: 'Id of the dead letter.',
  example: 'dl_0f343b0931126a20f133d67c2b018a3b5d7a0c11',
};
const CONNECTOR_ID = new PathIdPipe('con', 'CONNECTOR_UNKNOWN');
const LETTER_ID = /^dl_[0-9a-f]{40}$/;

/** Documents that Elasticsearch, or the conversion, refused. */
@ApiTags('dead letters')
@UseGuards(StateReadyGuard)
@UseInterceptors(IdempotencyInterceptor)
@Controller('api/v1/connectors/:id/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly deadLetters: DeadLetterStore,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'deadLetters.list',
    summary: 'List dead letters',
    description:
      'Open ones by default. A dead letter is resolved by itself when a later state of its document is taken.',
  })
  @ApiParam(CONNECTOR)
  @ApiOkResponse({ type: DeadLetterPageDto, description: 'One page.' })
  @ApiGuarded('CONNECTOR_UNKNOWN', 'API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async list(@Param('id', CONNECTOR_ID) id: string, @Query() query: DeadLettersQueryDto): Promise<object> {
    await this.connectors.get(id);
    const { state, errorType, field } = query;
    const page = await this.deadLetters.list({
      connectorId: id,
      ...(state === undefined ? {} : { state }),
      ...(errorType === undefined ? {} : { errorType }),
      ...(field === undefined ? {} : { field }),
      ...pageOf(query),
    });
    return { items: page.items.map(shown), nextPageToken: page.nextPageToken };
  }

  @Post(':letterId/actions/discard')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'deadLetters.discard',
    summary: 'Give a dead letter up',
    description:
      'The document stays out of the index until it changes in the source. Content that was kept is removed.',
  })
  @ApiParam(CONNECTOR)
  @ApiParam(LETTER)
  @ApiIdempotencyKey()
  @ApiBody({ type: DiscardRequestDto, required: false })
  @ApiAcceptedResponse({ type: DeadLetterDto, description: 'Discarded.' })
  @ApiGuarded(
    'CONNECTOR_UNKNOWN',
    'DEAD_LETTER_UNKNOWN',
    'JOB_STATE_CONFLICT',
    'CONFIG_VERSION_CONFLICT',
    'API_IDEMPOTENCY_CONFLICT',
    'API_REQUEST_MALFORMED',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
  )
  async discard(
    @Param('id', CONNECTOR_ID) id: string,
    @Param('letterId') letterId: string,
    @Body() body: DiscardRequestDto,
  ): Promise<object> {
    await this.connectors.get(id);
    const letter = LETTER_ID.test(letterId) ? await this.deadLetters.get(letterId) : null;
    // One connector's dead letter is not another's to decide about.
    if (letter?.connectorId !== id) throw new LockstepError('DEAD_LETTER_UNKNOWN');
    return shown(await this.deadLetters.discard(letterId, { reason: body.reason ?? null, by: 'api' }));
  }
}

const shown = ({ schema: _schema, ...letter }: DeadLetter): Omit<DeadLetter, 'schema'> => letter;
