import { Controller, Get, Param, Query, StreamableFile, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { DeadLetterStore } from '@lockstep/elastic-sink';
import { Readable } from 'node:stream';
import { ApiGuarded } from '../http/api-docs.js';
import { pageOf } from '../http/page-query.dto.js';
import { StateReadyGuard } from '../state/state-ready.guard.js';
import { DeadLetterDto, DeadLetterFilterDto, DeadLetterPageDto, DeadLettersQueryDto } from './dead-letters.dto.js';
import { CONNECTOR, CONNECTOR_ID, LETTER } from './letter-params.js';
import { shownLetter } from './letter-filter.js';
import { LetterFinder } from './letter-finder.js';

const NDJSON = 'application/x-ndjson';

/** Documents that Elasticsearch, or the conversion, refused: what there is to see of them. */
@ApiTags('dead letters')
@UseGuards(StateReadyGuard)
@Controller('api/v1/connectors/:id/dead-letters')
export class DeadLettersController {
  constructor(
    private readonly deadLetters: DeadLetterStore,
    private readonly finder: LetterFinder,
  ) {}

  @Get()
  @ApiOperation({
    operationId: 'deadLetters.list',
    summary: 'List dead letters',
    description:
      'Open ones by default. A dead letter is resolved by itself when a later state of its document is taken. Those of retired generations are left out, here and wherever they are counted, until a rollback returns to one.',
  })
  @ApiParam(CONNECTOR)
  @ApiOkResponse({ type: DeadLetterPageDto, description: 'One page.' })
  @ApiGuarded('CONNECTOR_UNKNOWN', 'API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async list(@Param('id', CONNECTOR_ID) id: string, @Query() query: DeadLettersQueryDto): Promise<object> {
    const filter = await this.finder.scope(id, query);
    const page = await this.deadLetters.list({ ...filter, ...pageOf(query) });
    return { items: page.items.map(shownLetter), nextPageToken: page.nextPageToken };
  }

  @Get('export')
  @ApiOperation({
    operationId: 'deadLetters.export',
    summary: 'Export dead letters',
    description: 'One JSON object per line, open ones by default, in no particular order.',
  })
  @ApiParam(CONNECTOR)
  @ApiProduces(NDJSON)
  @ApiOkResponse({
    description: 'Lines of JSON, each a dead letter.',
    content: { [NDJSON]: { schema: { $ref: getSchemaPath(DeadLetterDto) } } },
  })
  @ApiGuarded('CONNECTOR_UNKNOWN', 'API_REQUEST_INVALID', 'API_FIELD_UNKNOWN')
  async export(@Param('id', CONNECTOR_ID) id: string, @Query() query: DeadLetterFilterDto): Promise<StreamableFile> {
    const filter = await this.finder.scope(id, query);
    const lines = Readable.from(linesOf(this.deadLetters.walk(filter)), { objectMode: false });
    return new StreamableFile(lines, { type: NDJSON, disposition: `attachment; filename="${id}-dead-letters.ndjson"` });
  }

  @Get(':letterId')
  @ApiOperation({ operationId: 'deadLetters.get', summary: 'Read a dead letter' })
  @ApiParam(CONNECTOR)
  @ApiParam(LETTER)
  @ApiOkResponse({ type: DeadLetterDto, description: 'The dead letter.' })
  @ApiGuarded('CONNECTOR_UNKNOWN', 'DEAD_LETTER_UNKNOWN')
  async get(@Param('id', CONNECTOR_ID) id: string, @Param('letterId') letterId: string): Promise<object> {
    return shownLetter(await this.finder.find(id, letterId));
  }
}

async function* linesOf(pages: ReturnType<DeadLetterStore['walk']>): AsyncGenerator<Buffer> {
  for await (const page of pages) {
    for (const letter of page) yield Buffer.from(`${JSON.stringify(shownLetter(letter))}\n`, 'utf8');
  }
}
