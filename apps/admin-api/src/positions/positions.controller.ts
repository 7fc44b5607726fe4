import { Body, Controller, Headers, HttpCode, Param, Post, Req, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiGuarded, ApiIdempotencyKey, ApiIfMatch } from '../http/api-docs.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { PathIdPipe } from '../http/path-id.pipe.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { positionOf } from './position-input.js';
import { type PositionChange, PositionOverride } from './position-override.js';
import { PositionChangeDto, SetPositionRequestDto } from './positions.dto.js';

const ID = { name: 'id', description: 'Id of the connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' };
const CONNECTOR_ID = new PathIdPipe('con', 'CONNECTOR_UNKNOWN');

/** Where a connector stands in the history of its source, set by hand. */
@ApiTags('connectors')
@UseGuards(StateReadyGuard)
@UseInterceptors(IdempotencyInterceptor)
@Controller('api/v1/connectors/:id/actions')
export class PositionsController {
  constructor(private readonly override: PositionOverride) {}

  @Post('setPosition')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.setPosition',
    summary: 'Set the position by hand',
    description:
      'Only while the connector is paused or stopped. Back: changes are applied again, newer data is never overwritten. Forward: what is left out is made up for by a bulk sync in place, with its sweep, that begins as soon as the connector runs. A generation on its way is set with the one that serves; a retired one stays where a rollback begins. A position that the source no longer has makes it `resync_required`. Recorded in the audit index with its reason.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiBody({
    type: SetPositionRequestDto,
    examples: {
      time: { value: { time: '2026-01-15T09:30:00Z', reason: 'the backup was restored' } },
      token: { value: { token: '8265A4F0C200000007…', reason: 'an entry cannot be read' } },
    },
  })
  @ApiAcceptedResponse({ type: PositionChangeDto, description: 'Set; it counts when the connector runs.' })
  @ApiGuarded(
    'CONNECTOR_UNKNOWN',
    'API_PRECONDITION_FAILED',
    'JOB_STATE_CONFLICT',
    'API_IDEMPOTENCY_CONFLICT',
    'API_REQUEST_MALFORMED',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
  )
  async setPosition(
    @Param('id', CONNECTOR_ID) connectorId: string,
    @Body() { time, token, reason }: SetPositionRequestDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
  ): Promise<PositionChange> {
    const input = { ...(time === undefined ? {} : { time }), ...(token === undefined ? {} : { token }) };
    const position = positionOf(input, Date.now());
    return this.override.set({ connectorId, ifMatch, position, reason, requestId: request.id });
  }
}
