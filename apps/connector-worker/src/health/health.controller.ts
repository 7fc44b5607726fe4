import { Controller, Get, HttpCode, HttpException, HttpStatus } from '@nestjs/common';
import type { HealthReport } from '@lockstep/observability';
import { Worker } from '../worker/worker.js';

/** `/health/live`: restart me when this fails. `/health/ready`: I can hold leases. */
@Controller('health')
export class HealthController {
  constructor(private readonly worker: Worker) {}

  @Get('live')
  @HttpCode(HttpStatus.OK)
  async live(): Promise<HealthReport> {
    return answer(await this.worker.health.live());
  }

  @Get('ready')
  @HttpCode(HttpStatus.OK)
  async ready(): Promise<HealthReport> {
    return answer(await this.worker.health.ready());
  }
}

function answer(report: HealthReport): HealthReport {
  if (!report.isHealthy) throw new HttpException({ ...report }, HttpStatus.SERVICE_UNAVAILABLE);
  return report;
}
