import { Controller, Get, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { LivenessDto, ReadinessDto } from './health.dto.js';
import { Health, type ReadyReport } from './health.js';

/** For whoever runs the process. */
@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('live')
  @ApiOperation({
    operationId: 'health.live',
    summary: 'Whether the process answers',
    description: 'Restart it when this fails.',
    security: [],
  })
  @ApiOkResponse({ type: LivenessDto, description: 'It does.' })
  live(): LivenessDto {
    return { status: 'live' };
  }

  @Get('ready')
  @ApiOperation({
    operationId: 'health.ready',
    summary: 'Whether requests can be served',
    description: 'Elasticsearch answers, our indices are there, there is a public key.',
    security: [],
  })
  @ApiOkResponse({ type: ReadinessDto, description: 'They can.' })
  @ApiServiceUnavailableResponse({ type: ReadinessDto, description: 'They cannot; the checks say why.' })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<ReadyReport> {
    const report = await this.health.ready();
    void reply.status(report.status === 'ready' ? 200 : 503).header('cache-control', 'no-store');
    return report;
  }
}
