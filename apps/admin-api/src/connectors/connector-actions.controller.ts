import { Body, Controller, Headers, HttpCode, Param, Post, Res, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type Connector, type Job } from '@lockstep/contracts';
import { WorkerDirectory } from '@lockstep/jobs';
import type { FastifyReply } from 'fastify';
import { ApiGuarded, ApiIdempotencyKey, ApiIfMatch, ETAG_HEADER, LOCATION_HEADER } from '../http/api-docs.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { quoteEtag } from '../http/if-match.js';
import { PathIdPipe } from '../http/path-id.pipe.js';
import { type JobView, jobView } from '../jobs/job-view.js';
import { JobDto } from '../jobs/jobs.dto.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { LiveDocuments } from '../workers/live-documents.js';
import { ConnectorActions } from './connector-actions.js';
import { ConnectorReader, type ShownConnector } from './connector-reader.js';
import { ConnectorDto, ResyncRequestDto } from './connector.dto.js';

const ID = { name: 'id', description: 'Id of the connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' };
const CONNECTOR_ID = new PathIdPipe('con', 'CONNECTOR_UNKNOWN');
const PROBLEMS = [
  'CONNECTOR_UNKNOWN',
  'API_PRECONDITION_FAILED',
  'JOB_STATE_CONFLICT',
  'API_IDEMPOTENCY_CONFLICT',
] as const;

/** What an operator asks of a connector. */
@ApiTags('connectors')
@UseGuards(StateReadyGuard)
@UseInterceptors(IdempotencyInterceptor)
@Controller('api/v1/connectors/:id/actions')
export class ConnectorActionsController {
  constructor(
    private readonly actions: ConnectorActions,
    private readonly reader: ConnectorReader,
    private readonly directory: WorkerDirectory,
    private readonly liveDocuments: LiveDocuments,
  ) {}

  @Post('start')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.start',
    summary: 'Start a connector',
    description:
      'One bulk sync fills the targets, then a stream sync follows by itself. Answers with the job that carries it; repeating it starts nothing twice.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: JobDto, description: 'The job that carries it.', headers: LOCATION_HEADER })
  @ApiGuarded(...PROBLEMS)
  async start(
    @Param('id', CONNECTOR_ID) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    return this.#showJob(await this.actions.start(id, ifMatch), reply);
  }

  @Post('pause')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.pause',
    summary: 'Pause a connector',
    description: 'Its jobs pause at their next checkpoint and keep their place.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: ConnectorDto, description: 'Wished; see `observedState`.', headers: ETAG_HEADER })
  @ApiGuarded(...PROBLEMS)
  async pause(
    @Param('id', CONNECTOR_ID) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownConnector> {
    return this.#show(await this.actions.pause(id, ifMatch), reply);
  }

  @Post('resume')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.resume',
    summary: 'Resume a paused connector',
    description: 'It goes on from its checkpoint.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: ConnectorDto, description: 'Wished; see `observedState`.', headers: ETAG_HEADER })
  @ApiGuarded(...PROBLEMS)
  async resume(
    @Param('id', CONNECTOR_ID) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownConnector> {
    return this.#show(await this.actions.resume(id, ifMatch), reply);
  }

  @Post('stop')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.stop',
    summary: 'Stop a connector',
    description:
      'The workers let go of it. Position and indices stay; a later start goes on from the checkpoint while the source still has the history.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: ConnectorDto, description: 'Wished; see `observedState`.', headers: ETAG_HEADER })
  @ApiGuarded(...PROBLEMS)
  async stop(
    @Param('id', CONNECTOR_ID) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ShownConnector> {
    return this.#show(await this.actions.stop(id, ifMatch), reply);
  }

  @Post('resync')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.resync',
    summary: 'Read everything again',
    description:
      'A fresh bulk sync, by default into a new generation that takes the place of the index that serves when it is complete. The stream sync goes on beside it. A changed filter, field selection or mapping takes effect with it.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiBody({
    type: ResyncRequestDto,
    required: false,
    examples: {
      all: { value: {} },
      inPlace: { value: { mode: 'inPlace' } },
      some: { value: { collections: ['orders'] } },
    },
  })
  @ApiAcceptedResponse({ type: JobDto, description: 'The bulk sync.', headers: LOCATION_HEADER })
  @ApiGuarded(...PROBLEMS, 'API_REQUEST_MALFORMED', 'API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async resync(
    @Param('id', CONNECTOR_ID) id: string,
    @Body() body: ResyncRequestDto,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    const { collections = null, mode = null } = body;
    return this.#showJob(await this.actions.resync(id, ifMatch, { collections, mode }), reply);
  }

  @Post('rollback')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'connectors.rollback',
    summary: 'Return to the generation that served before',
    description:
      'It replays what it missed since it was retired, then the read aliases move back to it. The job fails with `SOURCE_HISTORY_LOST` when the source no longer has that history; nothing is changed then.',
  })
  @ApiParam(ID)
  @ApiIfMatch()
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: JobDto, description: 'The job that carries it.', headers: LOCATION_HEADER })
  @ApiGuarded(...PROBLEMS)
  async rollback(
    @Param('id', CONNECTOR_ID) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    return this.#showJob(await this.actions.rollback(id, ifMatch), reply);
  }

  async #showJob(job: Job, reply: FastifyReply): Promise<JobView> {
    void reply.header('location', `/api/v1/jobs/${job.id}`);
    return jobView(job, await this.liveDocuments.ofLiving(await this.directory.list()));
  }

  async #show(connector: Connector, reply: FastifyReply): Promise<ShownConnector> {
    void reply.header('etag', quoteEtag(connector.etag));
    return this.reader.show(connector);
  }
}
