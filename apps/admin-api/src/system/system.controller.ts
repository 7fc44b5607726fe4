import { Controller, Get, Inject } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Settings } from '@lockstep/settings';
import { ApiProblems } from '../http/api-docs.js';
import { API_LIMITS } from '../http/api-limits.js';
import { StateBootstrap } from '../state/state-bootstrap.js';
import { SETTINGS } from '../tokens.js';
import { appVersion } from './app-version.js';
import { Health } from './health.js';
import { SystemDto } from './system.dto.js';

@ApiTags('operations')
@Controller('api/v1/system')
export class SystemController {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly health: Health,
    private readonly bootstrap: StateBootstrap,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'system.get',
    summary: 'Versions and limits',
    description: 'What runs here and what it allows.',
  })
  @ApiOkResponse({ type: SystemDto, description: 'The system.' })
  @ApiBearerAuth()
  @ApiProblems('API_UNAUTHENTICATED', 'API_FORBIDDEN')
  async get(): Promise<SystemDto> {
    const { version: elasticsearchVersion } = await this.health.elasticsearch();
    return {
      version: appVersion(),
      nodeVersion: process.versions.node,
      elasticsearchVersion,
      indexPrefix: this.settings.indexPrefix,
      installationId: this.bootstrap.isReady ? this.bootstrap.installationId() : null,
      isTokenRequired: this.settings.api.token !== undefined,
      limits: API_LIMITS,
    };
  }
}
