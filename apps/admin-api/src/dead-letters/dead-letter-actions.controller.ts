import { Body, Controller, HttpCode, Param, Post, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { ErrorCode } from '@lockstep/core';
import { DeadLetterStore } from '@lockstep/elastic-sink';
import { ApiGuarded, ApiIdempotencyKey } from '../http/api-docs.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import {
  DeadLetterCountDto,
  DeadLetterDto,
  DiscardAllRequestDto,
  DiscardRequestDto,
  RetryAllRequestDto,
} from './dead-letters.dto.js';
import { shownLetter } from './letter-filter.js';
import { LetterFinder } from './letter-finder.js';
import { CONNECTOR, CONNECTOR_ID, LETTER } from './letter-params.js';

const BODY_PROBLEMS: readonly ErrorCode[] = [
  'API_IDEMPOTENCY_CONFLICT',
  'API_REQUEST_MALFORMED',
  'API_REQUEST_INVALID',
  'API_FIELD_UNKNOWN',
];
const ONE_PROBLEMS: readonly ErrorCode[] = [
  'CONNECTOR_UNKNOWN',
  'DEAD_LETTER_UNKNOWN',
  'JOB_STATE_CONFLICT',
  'CONFIG_VERSION_CONFLICT',
];
const RETRY_WORDS =
  'The worker that holds the connector reads the document from the source and writes its present state. What is refused again stays open, with `seenCount` grown; `retry` is null again then.';
const DISCARD_WORDS =
  'The document stays out of the index until it changes in the source. Content that was kept is removed.';

/** What operators decide about dead letters. */
@ApiTags('dead letters')
@UseGuards(StateReadyGuard)
@UseInterceptors(IdempotencyInterceptor)
@Controller('api/v1/connectors/:id/dead-letters')
export class DeadLetterActionsController {
  constructor(
    private readonly deadLetters: DeadLetterStore,
    private readonly finder: LetterFinder,
  ) {}

  @Post('actions/retry')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'deadLetters.retryAll',
    summary: 'Try dead letters again',
    description: `All open ones, or those of a filter. ${RETRY_WORDS} Those that already wait for it are not counted.`,
  })
  @ApiParam(CONNECTOR)
  @ApiIdempotencyKey()
  @ApiBody({ type: RetryAllRequestDto, required: false })
  @ApiAcceptedResponse({ type: DeadLetterCountDto, description: 'Marked; they are tried while the connector runs.' })
  @ApiGuarded('CONNECTOR_UNKNOWN', ...BODY_PROBLEMS)
  async retryAll(@Param('id', CONNECTOR_ID) id: string, @Body() body: RetryAllRequestDto): Promise<object> {
    const filter = await this.finder.scope(id, body);
    return { count: await this.deadLetters.requestRetryAll(filter, 'api') };
  }

  @Post('actions/discard')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'deadLetters.discardAll',
    summary: 'Give dead letters up',
    description: `All open ones, or those of a filter. ${DISCARD_WORDS}`,
  })
  @ApiParam(CONNECTOR)
  @ApiIdempotencyKey()
  @ApiBody({ type: DiscardAllRequestDto, required: false })
  @ApiAcceptedResponse({ type: DeadLetterCountDto, description: 'Discarded.' })
  @ApiGuarded('CONNECTOR_UNKNOWN', ...BODY_PROBLEMS)
  async discardAll(@Param('id', CONNECTOR_ID) id: string, @Body() body: DiscardAllRequestDto): Promise<object> {
    const filter = await this.finder.scope(id, body);
    return { count: await this.deadLetters.discardAll(filter, { reason: body.reason ?? null, by: 'api' }) };
  }

  @Post(':letterId/actions/retry')
  @HttpCode(202)
  @ApiOperation({ operationId: 'deadLetters.retry', summary: 'Try a dead letter again', description: RETRY_WORDS })
  @ApiParam(CONNECTOR)
  @ApiParam(LETTER)
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: DeadLetterDto, description: 'Marked; it is tried while the connector runs.' })
  @ApiGuarded(...ONE_PROBLEMS, 'API_IDEMPOTENCY_CONFLICT')
  async retry(@Param('id', CONNECTOR_ID) id: string, @Param('letterId') letterId: string): Promise<object> {
    const letter = await this.finder.find(id, letterId);
    return shownLetter(await this.deadLetters.requestRetry(letter.id, 'api'));
  }

  @Post(':letterId/actions/discard')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'deadLetters.discard',
    summary: 'Give a dead letter up',
    description: DISCARD_WORDS,
  })
  @ApiParam(CONNECTOR)
  @ApiParam(LETTER)
  @ApiIdempotencyKey()
  @ApiBody({ type: DiscardRequestDto, required: false })
  @ApiAcceptedResponse({ type: DeadLetterDto, description: 'Discarded.' })
  @ApiGuarded(...ONE_PROBLEMS, ...BODY_PROBLEMS)
  async discard(
    @Param('id', CONNECTOR_ID) id: string,
    @Param('letterId') letterId: string,
    @Body() body: DiscardRequestDto,
  ): Promise<object> {
    const letter = await this.finder.find(id, letterId);
    return shownLetter(await this.deadLetters.discard(letter.id, { reason: body.reason ?? null, by: 'api' }));
  }
}
