import { Controller, Delete, Get, HttpCode, Param, ParseIntPipe, UseGuards } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ConnectorStore } from '@lockstep/config-store';
import { LockstepError } from '@lockstep/core';
import { GenerationStore } from '@lockstep/jobs';
import { ApiGuarded } from '../http/api-docs.js';
import { PathIdPipe } from '../http/path-id.pipe.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { GenerationReader, type ShownGenerations } from './generation-reader.js';
import { GenerationListDto } from './generations.dto.js';

const ID = { name: 'id', description: 'Id of the connector.', example: 'con_01kf1q2v3w4x5y6z7a8b9c0d1e' };
const CONNECTOR_ID = new PathIdPipe('con', 'CONNECTOR_UNKNOWN');
const NUMBER = new ParseIntPipe({ exceptionFactory: () => new LockstepError('GENERATION_UNKNOWN') });

/** The fillings of a connector's targets: the one that serves, those before it, the one on its way. */
@ApiTags('connectors')
@UseGuards(StateReadyGuard)
@Controller('api/v1/connectors/:id/generations')
export class GenerationsController {
  constructor(
    private readonly connectors: ConnectorStore,
    private readonly generations: GenerationStore,
    private readonly reader: GenerationReader,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'generations.list',
    summary: 'List the generations of a connector',
    description: 'A retired generation takes disk space until it is deleted, by hand or by its age.',
  })
  @ApiParam(ID)
  @ApiOkResponse({ type: GenerationListDto, description: 'All of them.' })
  @ApiGuarded('CONNECTOR_UNKNOWN')
  async list(@Param('id', CONNECTOR_ID) id: string): Promise<ShownGenerations> {
    const connector = await this.connectors.get(id);
    return this.reader.show(connector, await this.generations.get(id));
  }

  @Delete(':number')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'generations.delete',
    summary: 'Delete a retired generation',
    description:
      'A worker deletes its indices and its dead letters while the connector is running or paused. A generation that serves or is on its way is refused: cancel its job instead. Where searches still go to one of its indices, nothing of it is deleted, and `kept` says why. Can be repeated.',
  })
  @ApiParam(ID)
  @ApiParam({ name: 'number', type: 'integer', description: 'Number of the generation.', example: 1 })
  @ApiAcceptedResponse({ type: GenerationListDto, description: 'It is being deleted.' })
  @ApiGuarded('CONNECTOR_UNKNOWN', 'GENERATION_UNKNOWN', 'JOB_STATE_CONFLICT')
  async delete(
    @Param('id', CONNECTOR_ID) id: string,
    @Param('number', NUMBER) number: number,
  ): Promise<ShownGenerations> {
    const connector = await this.connectors.get(id);
    return this.reader.show(connector, await this.generations.discard(id, number));
  }
}
