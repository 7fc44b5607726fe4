import { Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from '@lockstep/observability';
import type { Settings } from '@lockstep/settings';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './health/metrics.controller.js';
import { WorkerLifecycle } from './worker/worker-lifecycle.js';
import { Worker } from './worker/worker.js';

/** The composition root of the worker process. */
@Module({})
export class WorkerModule {
  static of(settings: Settings, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      controllers: [HealthController, MetricsController],
      providers: [{ provide: Worker, useFactory: () => new Worker(settings, logger) }, WorkerLifecycle],
    };
  }
}
