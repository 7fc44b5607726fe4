import { Controller, Get, Header } from '@nestjs/common';
import { Worker } from '../worker/worker.js';

/** Prometheus metrics of this worker. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly worker: Worker) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  render(): Promise<string> {
    return this.worker.metrics.render();
  }
}
