import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { WorkerDirectory } from '@lockstep/jobs';
import { ApiGuarded } from '../http/api-docs.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { workerView } from './worker-view.js';
import { WorkerListDto } from './workers.dto.js';

/** The workers and whether they live. */
@ApiTags('workers')
@UseGuards(StateReadyGuard)
@Controller('api/v1/workers')
export class WorkersController {
  constructor(private readonly directory: WorkerDirectory) {}

  @Get()
  @ApiOperation({
    operationId: 'workers.list',
    summary: 'List workers',
    description: 'Workers register themselves by their heartbeat.',
  })
  @ApiOkResponse({ type: WorkerListDto, description: 'The workers.' })
  @ApiGuarded()
  async list(): Promise<object> {
    const workers = await this.directory.list();
    return { items: workers.map(workerView), nextPageToken: null };
  }
}
