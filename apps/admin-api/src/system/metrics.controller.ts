import { Controller, Get, Header } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Metrics } from '@lockstep/observability';
import { OpenLetterGauge } from '../dead-letters/open-letter-gauge.js';
import { QuarantineGauge } from '../connectors/quarantine-gauge.js';
import { ApiProblems } from '../http/api-docs.js';

@ApiTags('operations')
@Controller('metrics')
export class MetricsController {
  constructor(
    private readonly metrics: Metrics,
    private readonly openLetters: OpenLetterGauge,
    private readonly quarantines: QuarantineGauge,
  ) {}

  @Get()
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('cache-control', 'no-store')
  @ApiOperation({
    operationId: 'metrics.read',
    summary: 'Metrics of this process',
    description: 'Prometheus text format.',
  })
  @ApiBearerAuth()
  @ApiOkResponse({ description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } })
  @ApiProblems('API_UNAUTHENTICATED', 'API_FORBIDDEN')
  async render(): Promise<string> {
    await Promise.all([this.openLetters.measure(), this.quarantines.measure()]);
    return this.metrics.render();
  }
}
