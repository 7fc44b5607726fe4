import { type BeforeApplicationShutdown, Controller, Get, Headers, Query, Req, Res, UseGuards } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { LockstepError } from '@lockstep/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConnectorDto } from '../connectors/connector.dto.js';
import { ApiGuarded } from '../http/api-docs.js';
import { API_LIMITS } from '../http/api-limits.js';
import { JobDto } from '../jobs/jobs.dto.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { WorkerDto } from '../workers/workers.dto.js';
import { EventClient } from './event-client.js';
import { EventHub } from './event-hub.js';
import { ChangeEventDto, EventsQueryDto, GoneEventDto, LagEventDto, ResetEventDto } from './events.dto.js';

const ref = (dto: new () => unknown): { $ref: string } => ({ $ref: getSchemaPath(dto) });
const EXAMPLE =
  'event: reset\ndata: {"reason":"connected"}\n\nevent: worker\ndata: {"id":"wrk_01kf1q2v3w4x5y6z7a8b9c0d1e","isAlive":true,…}\n\nid: 1768469400000000000007\n\nid: 1768469400000000000008\nevent: change\ndata: {"operation":"update","namespace":"shop.orders","id":"65a4f0c2b7e1d20012345678",…}\n\n: heartbeat\n\n';

/** Live events. */
@ApiTags('events')
@ApiExtraModels(ConnectorDto, JobDto, WorkerDto, ChangeEventDto, LagEventDto, ResetEventDto, GoneEventDto)
@UseGuards(StateReadyGuard)
@Controller('api/v1/events')
export class EventsController implements BeforeApplicationShutdown {
  #openCount = 0;

  constructor(private readonly hub: EventHub) {}

  beforeApplicationShutdown(): void {
    this.hub.stop();
  }

  @Get()
  @ApiOperation({
    operationId: 'events.stream',
    summary: 'Follow what happens',
    description: [
      'Server-sent events. A new stream begins with `reset` and a snapshot: one event per connector, job and worker, the latest changes and lags; then what changes. `connector`, `job` and `worker` carry the whole object as its resource shows it, or `{id, deleted: true}`.',
      'Every later event has a growing `id`. A reconnect with `Last-Event-ID` gets what it missed; when that is no longer known, `reset` and a snapshot.',
      'A heartbeat comment is sent at least every 10 seconds while the state can be read; silence means that the picture is old. A listener that reads too slowly is cut off.',
    ].join('\n\n'),
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Id of the last event that was received.',
    schema: { type: 'string' },
  })
  @ApiOkResponse({
    description: 'The stream. The schema is that of the `data` of one event, by its `event` type.',
    content: {
      'text/event-stream': {
        schema: {
          oneOf: [
            { title: 'reset', ...ref(ResetEventDto) },
            { title: 'connector', oneOf: [ref(ConnectorDto), ref(GoneEventDto)] },
            { title: 'job', oneOf: [ref(JobDto), ref(GoneEventDto)] },
            { title: 'worker', oneOf: [ref(WorkerDto), ref(GoneEventDto)] },
            { title: 'change', ...ref(ChangeEventDto) },
            { title: 'lag', ...ref(LagEventDto) },
          ],
        },
        example: EXAMPLE,
      },
    },
  })
  @ApiGuarded('API_REQUEST_INVALID', 'API_FIELD_UNKNOWN', 'API_LIMIT_REACHED')
  async stream(
    @Query() query: EventsQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (this.#openCount >= API_LIMITS.maxEventClients) {
      throw new LockstepError('API_LIMIT_REACHED', 'Too many event streams are open.', { retryAfterMs: 5_000 });
    }
    this.#openCount += 1;
    const client = new EventClient(reply.raw, query.connectorId, API_LIMITS.maxEventBufferBytes);
    reply.raw.once('close', () => {
      this.#openCount -= 1;
      this.hub.remove(client);
    });
    await this.hub.ready();
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(reply.getHeaders() as Record<string, string>),
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    if (request.method === 'HEAD') reply.raw.end();
    else if (client.isOpen) this.hub.add(client, lastEventId);
  }
}
