import { reached, type ClusterTime } from '@lockstep/core';
import type { SourcePort } from '@lockstep/contracts';
import { CheckpointKeeper } from '../checkpoint/checkpoint-keeper.js';
import type { HeadroomKeeper } from '../headroom/headroom-keeper.js';
import { connectorOf } from '../partition/generation-rules.js';
import type { TurnContext } from '../partition/partition-context.js';
import { ConflictWatch } from '../progress/conflict-watch.js';
import type { WorkLedger } from '../progress/work-ledger.js';
import { initialPosition, loadPosition } from '../stream/position.js';
import type { PartitionRoleOptions } from './partition-role.js';

/**
 * Opens both ends of the connector by the rules of its generation, at the stored position, for as long as `run` works
 * with them.
 */
export async function openSession<L extends WorkLedger, T>(
  options: PartitionRoleOptions,
  { ledger, headroom }: { readonly ledger: L; readonly headroom: HeadroomKeeper },
  { run, signal }: { readonly run: (context: TurnContext & { ledger: L }) => Promise<T>; readonly signal: AbortSignal },
): Promise<T> {
  const { connector: definition, lease, opener, clock, events, settings, status } = options;
  const connector = connectorOf(definition, lease.state);
  const ports = await opener.open(connector, lease.key.partition);
  try {
    const stored = lease.state.position;
    const position = stored === null ? initialPosition(await firstTime(ports.source, signal)) : loadPosition(stored);
    reached('session.opened');
    const { checkpointMs, idleCheckpointMs } = settings;
    return await run({
      ...options,
      connector,
      definition,
      source: ports.source,
      sink: ports.sink,
      repairs: ports.repairsOf(lease.key.generation),
      ledger,
      headroom,
      checkpoint: new CheckpointKeeper({ lease, events, clock, checkpointMs, idleCheckpointMs }, position),
      conflicts: new ConflictWatch(status, clock),
      targets: new Map(),
    });
  } finally {
    await ports.close();
  }
}

/** The server is checked before its time is asked for, so that a standalone is named as what it is. */
async function firstTime(source: SourcePort, signal: AbortSignal): Promise<ClusterTime> {
  await source.describe(signal);
  return source.majorityTime(signal);
}
