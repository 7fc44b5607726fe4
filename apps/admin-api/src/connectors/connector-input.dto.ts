import { ApiExtraModels, ApiProperty, ApiPropertyOptional, ApiSchema, getSchemaPath } from '@nestjs/swagger';
import { SealedValueDto, SecretValueDto } from '../config/config.dto.js';

const STRING_MAPPINGS = ['both', 'keyword', 'text', 'none'];

/** Names a config entry. */
@ApiSchema({ name: 'ConfigReference' })
export class ConfigReferenceDto {
  @ApiProperty({ description: 'Key of a config entry that holds the value.', example: 'shop-mongodb-uri' })
  readonly config!: string;
}

const secretOf = (description: string, example: unknown): object => ({
  description: `${description} A string, or \`{"config": "key"}\`, \`{"sealed": "JWE"}\`, \`{"secret": "…"}\`.`,
  oneOf: [
    { type: 'string' },
    { $ref: getSchemaPath(ConfigReferenceDto) },
    { $ref: getSchemaPath(SealedValueDto) },
    { $ref: getSchemaPath(SecretValueDto) },
  ],
  example,
});

@ApiSchema({ name: 'FieldSelection' })
export class FieldSelectionDto {
  @ApiPropertyOptional({
    type: [String],
    description: 'Dotted paths that are copied; nothing else is.',
    example: ['name', 'address.city'],
  })
  readonly include?: string[];

  @ApiPropertyOptional({
    type: [String],
    description: 'Dotted paths that are left out. Not together with `include`.',
    example: ['passwordHash'],
  })
  readonly exclude?: string[];
}

@ApiExtraModels(ConfigReferenceDto, SealedValueDto, SecretValueDto)
@ApiSchema({ name: 'SourceInput' })
export class SourceInputDto {
  @ApiProperty(
    secretOf(
      'MongoDB connection string; with a password in it, it is sealed on receipt.',
      'mongodb://127.0.0.1:27017/?replicaSet=rs0',
    ),
  )
  readonly uri!: unknown;

  @ApiProperty({ description: 'Database to follow.', example: 'shop' })
  readonly database!: string;

  @ApiProperty({
    type: [String],
    minItems: 1,
    maxItems: 100,
    description: 'Names or patterns; `*` stands for any characters.',
    example: ['orders', 'cust*'],
  })
  readonly collections!: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'MongoDB filter in relaxed Extended JSON; documents outside it are not in the index.',
    example: { deleted: { $ne: true } },
  })
  readonly filter?: Record<string, unknown>;

  @ApiPropertyOptional({ type: FieldSelectionDto, description: 'Which fields are copied; all by default.' })
  readonly fields?: FieldSelectionDto;

  @ApiPropertyOptional({
    enum: ['keep', 'follow', 'empty'],
    default: 'keep',
    description:
      'What becomes of the target of a collection that is dropped, renamed or made anew. `keep`: kept as it is until a resync. `follow`: kept until a collection bears the name again, which is then read into it. `empty`: like `follow`, and while none bears the name the target is emptied.',
  })
  readonly onDrop?: string;

  @ApiPropertyOptional({
    enum: ['wait', 'resync'],
    default: 'wait',
    description:
      'When the change history no longer holds the position: `wait` for an operator, or `resync` once by itself, into a new generation where the layout has one.',
  })
  readonly onHistoryLost?: string;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 32,
    default: 1,
    description:
      'Into how many parts large collections are divided by `_id`, so that several workers share them. A change of it needs a resync.',
  })
  readonly partitions?: number;
}

@ApiSchema({ name: 'ElasticsearchInput' })
export class ElasticsearchInputDto {
  @ApiProperty({ description: 'URL of the cluster, without credentials.', example: 'https://search.example.org:9200' })
  readonly url!: string;

  @ApiPropertyOptional(secretOf('API key, base64 of `id:key`. Not together with a user.', { config: 'search-api-key' }))
  readonly apiKey?: unknown;

  @ApiPropertyOptional({ description: 'User for basic authentication.', example: 'lockstep' })
  readonly username?: string;

  @ApiPropertyOptional(secretOf('Password of the user.', { config: 'search-password' }))
  readonly password?: unknown;

  @ApiPropertyOptional({
    description: 'PEM of the certificate authority.',
    example: '-----BEGIN CERTIFICATE-----\n…\n-----END CERTIFICATE-----\n',
  })
  readonly ca?: string;
}

@ApiSchema({ name: 'FieldOptions' })
export class FieldOptionsDto {
  @ApiPropertyOptional({
    enum: STRING_MAPPINGS,
    description: 'What strings of this field are mapped as. Not together with `type`.',
    example: 'text',
  })
  readonly strings?: string;

  @ApiPropertyOptional({
    enum: ['flattened'],
    description: 'The object and all below it is one field of keywords.',
  })
  readonly type?: string;
}

@ApiSchema({ name: 'ErrorMonitor' })
export class ErrorMonitorDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 1_000_000,
    default: 100,
    description: 'Refusals in a row that stop the sync.',
  })
  readonly consecutive?: number;

  @ApiPropertyOptional({
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.15,
    description: 'Share of refusals among the last `window` documents above which the sync stops; 1 is no limit.',
  })
  readonly ratio?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 10,
    maximum: 1_000_000,
    default: 1_000,
    description: 'Documents that the ratio looks back over; it counts from the time that there were so many.',
  })
  readonly window?: number;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: 1,
    maximum: 1_000_000_000,
    default: null,
    description: 'Refusals that stop the sync, counted from its last start; null is no limit.',
  })
  readonly total?: number | null;
}

@ApiExtraModels(FieldOptionsDto)
@ApiSchema({ name: 'SinkInput' })
export class SinkInputDto {
  @ApiProperty({ description: 'Index name with `{database}` and `{collection}`.', example: '{database}.{collection}' })
  readonly index!: string;

  @ApiPropertyOptional({
    enum: ['alias', 'index'],
    default: 'alias',
    description: '`alias`: the name is a read alias over `<name>-000001`. `index`: it is a plain index.',
  })
  readonly layout?: string;

  @ApiPropertyOptional({
    default: false,
    description:
      'Take over an existing target that does not carry our mark, or that a deleted connector has left behind. Never one of a connector that exists.',
  })
  readonly adopt?: boolean;

  @ApiPropertyOptional({
    enum: ['delete', 'keepOld'],
    default: 'delete',
    description: 'What happens to the indexed older state of a document whose new state is refused.',
  })
  readonly onRefused?: string;

  @ApiPropertyOptional({
    type: ElasticsearchInputDto,
    description: 'Another cluster to write to; absent: the cluster of our own state.',
  })
  readonly elasticsearch?: ElasticsearchInputDto;

  @ApiPropertyOptional({
    enum: STRING_MAPPINGS,
    default: 'both',
    description:
      'What strings are mapped as: `text` with a `keyword` sub-field, one of the two, or stored without being searchable.',
  })
  readonly strings?: string;

  @ApiPropertyOptional({
    enum: ['deadLetter', 'ignoreMalformed', 'string'],
    default: 'deadLetter',
    description:
      'Fields with several kinds of values. `deadLetter`: documents that the mapping refuses are dead letters. `ignoreMalformed`: they are indexed, the value is not searchable. `string`: a field met with several kinds before it is mapped is a string.',
  })
  readonly conflicts?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { $ref: getSchemaPath(FieldOptionsDto) },
    description: 'How single fields are mapped, by dotted path; at most 100.',
    example: { 'article.body': { strings: 'text' }, labels: { type: 'flattened' } },
  })
  readonly fields?: Record<string, FieldOptionsDto>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Mappings that win over those known from BSON types.',
    example: { properties: { title: { type: 'text' } } },
  })
  readonly mappings?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Index settings.',
    example: { number_of_shards: 1 },
  })
  readonly settings?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 0.2,
    description: 'Largest share of an index that a sweep removes without a confirmation.',
  })
  readonly brakeRatio?: number;

  @ApiPropertyOptional({
    default: false,
    description: 'Keep body and cause in dead letters; both are document content.',
  })
  readonly deadLetterContent?: boolean;

  @ApiPropertyOptional({
    type: ErrorMonitorDto,
    description:
      'When the sync stops, because so many documents are refused that a person should look. A change of it needs no resync.',
  })
  readonly errorMonitor?: ErrorMonitorDto;
}

/** A connector to create. */
@ApiSchema({ name: 'ConnectorInput' })
export class ConnectorInputDto {
  @ApiProperty({ description: 'Unique name.', example: 'shop' })
  readonly name!: string;

  @ApiProperty({ type: SourceInputDto, description: 'What is followed.' })
  readonly source!: SourceInputDto;

  @ApiProperty({ type: SinkInputDto, description: 'Where it goes.' })
  readonly sink!: SinkInputDto;
}

@ApiSchema({ name: 'ConnectorPatch' })
export class ConnectorPatchDto {
  @ApiPropertyOptional({ description: 'Unique name.', example: 'shop' })
  readonly name?: string;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Members of `source` to change; null clears one. A secret that is not named stays.',
    example: { collections: ['orders'] },
  })
  readonly source?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Members of `sink` to change; null clears one.',
    example: { brakeRatio: 0.5 },
  })
  readonly sink?: Record<string, unknown>;
}
