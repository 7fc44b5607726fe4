import type { ConnectorConfig, ElasticsearchConfig, StoredSecret } from '@lockstep/contracts';
import { LockstepError } from '@lockstep/core';
import type { SecretSealer } from '@lockstep/sealed-secrets';
import { secretContext, type SecretField } from '../secrets/secret-context.js';
import { Findings } from './findings.js';
import { InputObject, isRecord } from './input-object.js';
import type { ParsedElasticsearch } from './parse-elasticsearch.js';
import { parseSink, SINK_FIELDS, type ParsedSink } from './parse-sink.js';
import { parseSource, SOURCE_FIELDS, type ParsedSource } from './parse-source.js';
import { sealPending, type PendingSecret } from './pending-secret.js';

export interface ConnectorInputContext {
  /** Id of the connector: part of what its secrets are bound to. */
  readonly id: string;
  readonly sealer: SecretSealer;
  /** The config that is replaced; its secrets may be kept. */
  readonly current?: ConnectorConfig;
  /**
   * Prefix of the indices of our own state: refused as a target.
   * @defaultValue 'lockstep'
   */
  readonly statePrefix?: string;
}

const MAX_NAME_LENGTH = 100;

function readName(body: InputObject): string | undefined {
  const name = body.requiredText('name', { maxLength: MAX_NAME_LENGTH });
  if (name === undefined || (name === name.trim() && !/\p{C}/u.test(name))) return name;
  body.add('name', 'must not begin or end with a blank, or hold control characters');
  return undefined;
}

/** Turns checked secrets into stored ones. */
class Sealing {
  constructor(
    private readonly context: ConnectorInputContext,
    private readonly findings: Findings,
  ) {}

  async seal(pending: PendingSecret | null | undefined, field: SecretField): Promise<StoredSecret | null> {
    if (pending === null || pending === undefined) return null;
    return sealPending(pending, {
      pointer: `/${field.replaceAll('.', '/')}`,
      findings: this.findings,
      sealer: this.context.sealer,
      context: secretContext(this.context.id, field),
    });
  }

  async elasticsearch(parsed: ParsedElasticsearch): Promise<ElasticsearchConfig> {
    const apiKey = await this.seal(parsed.apiKey, 'sink.elasticsearch.apiKey');
    const password = await this.seal(parsed.password, 'sink.elasticsearch.password');
    return { ...parsed.rest, ...(apiKey === null ? {} : { apiKey }), ...(password === null ? {} : { password }) };
  }
}

interface Checked {
  readonly name: string;
  readonly source: ParsedSource;
  readonly sink: ParsedSink;
}

function check(input: Record<string, unknown>, context: ConnectorInputContext, findings: Findings): Checked | null {
  const { current, statePrefix = 'lockstep' } = context;
  const body = InputObject.read(input, ['name', 'source', 'sink', 'schedule'], { pointer: '', findings });
  if (body === undefined) return null;
  if (body.raw('schedule') !== undefined) body.add('schedule', 'is not supported yet: a connector syncs continuously');
  const name = readName(body);
  const sourceInput = body.requiredObject('source', SOURCE_FIELDS);
  const source = sourceInput === undefined ? null : parseSource(sourceInput, current?.source);
  const sinkInput = body.requiredObject('sink', SINK_FIELDS);
  const sink = sinkInput === undefined ? null : parseSink(sinkInput, { source, current: current?.sink, statePrefix });
  return name === undefined || source === null || sink === null ? null : { name, source, sink };
}

/**
 * Checks what a client sent, fills defaults, seals secrets. All findings are told at once; nothing is sealed before
 * everything else is right.
 * @throws LockstepError API_REQUEST_MALFORMED when the body is no object; API_FIELD_UNKNOWN (400) or
 * API_REQUEST_INVALID (422) with a JSON pointer per field
 */
export async function parseConnectorInput(input: unknown, context: ConnectorInputContext): Promise<ConnectorConfig> {
  if (!isRecord(input)) throw new LockstepError('API_REQUEST_MALFORMED', 'The body must be a JSON object');
  const findings = new Findings();
  const checked = check(input, context, findings);
  findings.throwIfAny();
  if (checked === null) throw new LockstepError('INTERNAL_ERROR', 'an input was refused without a finding');
  const { name, source, sink } = checked;
  const sealing = new Sealing(context, findings);
  const uri = await sealing.seal(source.uri, 'source.uri');
  const elasticsearch = sink.elasticsearch === null ? null : await sealing.elasticsearch(sink.elasticsearch);
  findings.throwIfAny();
  if (uri === null) throw new LockstepError('INTERNAL_ERROR', 'a URI was refused without a finding');
  return {
    name,
    source: { uri, ...source.rest },
    sink: { ...sink.rest, ...(elasticsearch === null ? {} : { elasticsearch }) },
  };
}
