import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards, UseInterceptors } from '@nestjs/common';
import { ApiAcceptedResponse, ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { Job } from '@lockstep/contracts';
import { JobStore, WorkerDirectory } from '@lockstep/jobs';
import type { FastifyReply } from 'fastify';
import { ApiGuarded, ApiIdempotencyKey, ETAG_HEADER } from '../http/api-docs.js';
import { quoteEtag } from '../http/if-match.js';
import { IdempotencyInterceptor } from '../http/idempotency.interceptor.js';
import { PathIdPipe } from '../http/path-id.pipe.js';
import { pageOf } from '../http/page-query.dto.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { LiveDocuments } from '../workers/live-documents.js';
import { JobCancellation } from './job-cancellation.js';
import { type JobView, jobView } from './job-view.js';
import { ConfirmRequestDto, JobDto, JobPageDto, JobsQueryDto } from './jobs.dto.js';

const ID = { name: 'id', description: 'Id of the job.', example: 'job_01kf1q2v3w4x5y6z7a8b9c0d1e' };
const JOB_ID = new PathIdPipe('job', 'JOB_UNKNOWN');

/** Runs of work. */
@ApiTags('jobs')
@UseGuards(StateReadyGuard)
@UseInterceptors(IdempotencyInterceptor)
@Controller('api/v1/jobs')
export class JobsController {
  constructor(
    private readonly jobs: JobStore,
    private readonly directory: WorkerDirectory,
    private readonly liveDocuments: LiveDocuments,
    private readonly cancellation: JobCancellation,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'jobs.list',
    summary: 'List jobs',
    description: 'Newest first; the history is kept for a while.',
  })
  @ApiOkResponse({ type: JobPageDto, description: 'One page.' })
  @ApiGuarded('API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async list(@Query() query: JobsQueryDto): Promise<object> {
    const { connectorId, type, state } = query;
    const filter = {
      ...(connectorId === undefined ? {} : { connectorId }),
      ...(type === undefined ? {} : { type }),
      ...(state === undefined ? {} : { state }),
    };
    const [page, workers] = await Promise.all([this.jobs.list({ ...filter, ...pageOf(query) }), this.directory.list()]);
    const lives = await this.liveDocuments.ofLiving(workers);
    return { items: page.items.map((job) => jobView(job, lives)), nextPageToken: page.nextPageToken };
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'jobs.get',
    summary: 'Read a job',
    description: 'With the newest progress that a worker has told.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: JobDto, description: 'The job.', headers: ETAG_HEADER })
  @ApiGuarded('JOB_UNKNOWN')
  async get(@Param('id', JOB_ID) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobView> {
    return this.#show(await this.jobs.get(id), reply);
  }

  @Post(':id/actions/cancel')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'jobs.cancel',
    summary: 'Cancel a job',
    description:
      'A pending job is `canceled` at once, a running one becomes `canceling` and its worker ends it. Canceling a `stream_sync`, or the `bulk_sync` that fills the targets for the first time, also sets `desiredState` of the connector to `stopped`: without it a worker would begin anew. What is in the index stays.',
  })
  @ApiParam(ID)
  @ApiIdempotencyKey()
  @ApiAcceptedResponse({ type: JobDto, description: 'Canceled or canceling.', headers: ETAG_HEADER })
  @ApiGuarded('JOB_UNKNOWN', 'JOB_STATE_CONFLICT', 'API_IDEMPOTENCY_CONFLICT')
  async cancel(@Param('id', JOB_ID) id: string, @Res({ passthrough: true }) reply: FastifyReply): Promise<JobView> {
    return this.#show(await this.cancellation.cancel(id), reply);
  }

  @Post(':id/actions/confirm')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'jobs.confirm',
    summary: 'Confirm what the brake holds',
    description:
      'Lets the collections that are named go on, all of `heldCollections` by default. Others stay held, and what the brake takes hold of later has to be confirmed by itself. Repeating it changes nothing.',
  })
  @ApiParam(ID)
  @ApiIdempotencyKey()
  @ApiBody({
    type: ConfirmRequestDto,
    required: false,
    examples: { all: { value: {} }, some: { value: { collections: ['orders'] } } },
  })
  @ApiAcceptedResponse({ type: JobDto, description: 'Confirmed; it goes on.', headers: ETAG_HEADER })
  @ApiGuarded(
    'JOB_UNKNOWN',
    'JOB_STATE_CONFLICT',
    'API_IDEMPOTENCY_CONFLICT',
    'API_REQUEST_MALFORMED',
    'API_REQUEST_INVALID',
    'API_FIELD_UNKNOWN',
  )
  async confirm(
    @Param('id', JOB_ID) id: string,
    @Body() body: ConfirmRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobView> {
    const { collections = null } = body;
    return this.#show(await this.jobs.command(id, { kind: 'confirm', collections }), reply);
  }

  async #show(job: Job, reply: FastifyReply): Promise<JobView> {
    void reply.header('etag', quoteEtag(job.etag));
    return jobView(job, await this.liveDocuments.ofLiving(await this.directory.list()));
  }
}
