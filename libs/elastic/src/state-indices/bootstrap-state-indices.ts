import { randomUUID } from 'node:crypto';
import { backoffDelayMs, hasCode, LockstepError, sleep, systemClock } from '@lockstep/core';
import type { ElasticClient } from '../client/create-elastic-client.js';
import { DocumentStore } from '../documents/document-store.js';
import { classifyElasticError } from '../errors/classify-elastic-error.js';
import { elasticFailure } from '../errors/elastic-failure.js';
import { stateAlias } from './state-alias.js';
import { STATE_INDICES, type StateIndexDefinition } from './state-indices.js';

interface InstallationDocument {
  readonly schema: 1;
  readonly id: string;
  readonly createdAt: string;
}

interface MarkedMapping {
  readonly mappings: { readonly _meta?: { readonly lockstep?: { readonly version?: unknown } } };
}

interface BootstrapContext {
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly request: { readonly signal?: AbortSignal };
}

const INSTALLATION_DOCUMENT_ID = 'installation';
const READABLE_WITHIN_MS = 30_000;

/**
 * Makes the indices of our own, each as `<alias>-v1` behind its alias, and the one installation id.
 * Safe to call at every start and from many processes at once: whoever comes second finds it done.
 * @throws LockstepError CONFIG_SCHEMA_UNKNOWN when a newer version made them, SINK_TARGET_FOREIGN when
 * something else has one of the names, and the errors of `classifyElasticError`
 */
export async function bootstrapStateIndices(
  client: ElasticClient,
  prefix: string,
  signal?: AbortSignal,
): Promise<{ installationId: string }> {
  const context: BootstrapContext = { client, prefix, request: signal === undefined ? {} : { signal } };
  await Promise.all(
    STATE_INDICES.map(async (definition) => {
      await ensureStateIndex(context, definition);
      await waitUntilReadable(context, definition);
    }),
  );
  return { installationId: await ensureInstallation(context) };
}

async function ensureStateIndex(context: BootstrapContext, definition: StateIndexDefinition): Promise<void> {
  if (await checkExisting(context, definition)) return;
  const alias = stateAlias(context.prefix, definition.name);
  try {
    await context.client.indices.create(
      {
        index: `${alias}-v1`,
        aliases: { [alias]: { is_write_index: true } },
        settings: { number_of_shards: 1, auto_expand_replicas: '0-1' },
        mappings: { ...definition.mappings, _meta: markOf(definition) },
      },
      context.request,
    );
  } catch (error) {
    const { errorType } = elasticFailure(error);
    if (errorType !== 'resource_already_exists_exception' && errorType !== 'invalid_alias_name_exception') {
      throw classifyElasticError(error);
    }
    // Another process was faster; or the name is taken by something that is not behind our alias.
    if (!(await checkExisting(context, definition))) throw foreign(`${alias}-v1`);
  }
}

/** True when the alias leads to an index of ours that this version can use. */
async function checkExisting(context: BootstrapContext, definition: StateIndexDefinition): Promise<boolean> {
  const alias = stateAlias(context.prefix, definition.name);
  const found = await readMappings(context, alias);
  if (found === null) return false;
  const [index, mapping] = Object.entries(found)[0] ?? [];
  const version = mapping?.mappings._meta?.lockstep?.version;
  if (index === undefined || index === alias || typeof version !== 'number') throw foreign(alias);
  if (version > definition.version) {
    throw new LockstepError('CONFIG_SCHEMA_UNKNOWN', `index ${alias} was made by a newer version (${version})`);
  }
  if (version < definition.version) await upgrade(context, definition, index);
  return true;
}

async function readMappings(context: BootstrapContext, alias: string): Promise<Record<string, MarkedMapping> | null> {
  try {
    return await context.client.indices.getMapping(
      { index: alias, filter_path: '*.mappings._meta,*.mappings.dynamic' },
      context.request,
    );
  } catch (error) {
    if (elasticFailure(error).status === 404) return null;
    throw classifyElasticError(error);
  }
}

/** Fields are only ever added, so that the version before still works beside us. */
async function upgrade(context: BootstrapContext, definition: StateIndexDefinition, index: string): Promise<void> {
  try {
    await context.client.indices.putMapping(
      { index, ...definition.mappings, _meta: markOf(definition) },
      context.request,
    );
  } catch (error) {
    throw classifyElasticError(error);
  }
}

/**
 * An index that another process is just creating exists before its shard can be read; creation alone
 * waits for that.
 */
async function waitUntilReadable(context: BootstrapContext, definition: StateIndexDefinition): Promise<void> {
  const { signal } = context.request;
  const store = new DocumentStore(context.client, stateAlias(context.prefix, definition.name));
  const deadlineMs = systemClock.monotonicMs() + READABLE_WITHIN_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      await store.get('readable', signal);
      return;
    } catch (error) {
      if (!hasCode(error, 'SINK_REQUEST_FAILED') || systemClock.monotonicMs() > deadlineMs) throw error;
    }
    await sleep(backoffDelayMs(attempt, { baseMs: 20, maxMs: 1_000 }), signal);
  }
}

async function ensureInstallation(context: BootstrapContext): Promise<string> {
  const alias = stateAlias(context.prefix, 'installation');
  const store = new DocumentStore<InstallationDocument>(context.client, alias);
  const existing = await store.get(INSTALLATION_DOCUMENT_ID, context.request.signal);
  if (existing !== undefined) return existing.source.id;
  try {
    const id = `ins_${randomUUID().replaceAll('-', '')}`;
    const created = await store.create(INSTALLATION_DOCUMENT_ID, {
      schema: 1,
      id,
      createdAt: new Date().toISOString(),
    });
    return created.source.id;
  } catch (error) {
    if (!hasCode(error, 'CONFIG_VERSION_CONFLICT')) throw error;
    const winner = await store.get(INSTALLATION_DOCUMENT_ID, context.request.signal);
    if (winner === undefined) throw error;
    return winner.source.id;
  }
}

function markOf(definition: StateIndexDefinition): Record<string, unknown> {
  return { lockstep: { kind: 'state', name: definition.name, version: definition.version } };
}

function foreign(name: string): LockstepError {
  return new LockstepError(
    'SINK_TARGET_FOREIGN',
    `${name} exists and is not an index of Lockstep's own; choose another LOCKSTEP_INDEX_PREFIX`,
  );
}
