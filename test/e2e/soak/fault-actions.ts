import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import { eventually, SeededRandom, type FaultKind, type PlannedFault, type TcpFault } from '@lockstep/testing';
import { PATIENCE_MS, type SoakConnector } from './soak-connector';
import type { SoakRig } from './soak-rig';
import type { WorkerSlot } from './worker-slot';

/** Brings a fault about, keeps it for its time and takes it back. Throws when it could not be brought about. */
type FaultAction = (rig: SoakRig, fault: PlannedFault) => Promise<void>;

interface FaultRule {
  /** Two faults of one place are never on at a time. */
  readonly place:
    'process' | 'tcp' | 'http' | 'mongodbWay' | 'index' | 'operator' | 'collection' | 'mongod' | 'elasticsearch';
  readonly act: FaultAction;
}

/** What an operator does once: nothing is left to take back. */
const onceAsked = (ask: (connector: SoakConnector, fault: PlannedFault) => Promise<void>): FaultRule => ({
  place: 'operator',
  act: (rig, fault) => ask(rig.connectors[fault.subject]!, fault),
});

const onSlot = (
  place: FaultRule['place'],
  act: (slot: WorkerSlot, fault: PlannedFault, rig: SoakRig) => Promise<void>,
): FaultRule => ({ place, act: (rig, fault) => act(rig.slots[fault.subject]!, fault, rig) });

const onConnector = (
  place: FaultRule['place'],
  act: (connector: SoakConnector, fault: PlannedFault, rig: SoakRig) => Promise<void>,
): FaultRule => ({ place, act: (rig, fault) => act(rig.connectors[fault.subject]!, fault, rig) });

const workerTcp = (fault: TcpFault): FaultRule =>
  onSlot('tcp', async ({ tcp }, { durationMs }) => {
    tcp.inject(fault);
    await delay(durationMs);
    tcp.heal();
    tcp.cutAll();
  });

const connectorTcp = (fault: TcpFault): FaultRule =>
  onConnector('mongodbWay', async ({ mongodb }, { durationMs }) => {
    mongodb.inject(fault);
    await delay(durationMs);
    mongodb.heal();
    mongodb.cutAll();
  });

const workerHttp = (refuse: (slot: WorkerSlot, isHit: (share: number) => boolean) => void): FaultRule =>
  onSlot('http', async (slot, { durationMs, seed }) => {
    const random = new SeededRandom(seed);
    refuse(slot, (share) => random.next() < share);
    await delay(durationMs);
    slot.http.heal();
  });

/** What a server in trouble says; all of it passes by itself. */
const FAILING_COMMANDS: readonly object[] = [
  { failCommands: ['getMore'], errorCode: 43 },
  { failCommands: ['aggregate', 'find', 'getMore'], errorCode: 91 },
  { failCommands: ['find', 'getMore'], errorCode: 11_600 },
  { failCommands: ['aggregate', 'find'], errorCode: 189 },
  { failCommands: ['find', 'listCollections'], errorCode: 6 },
  { failCommands: ['find', 'getMore'], closeConnection: true },
  { failCommands: ['aggregate'], closeConnection: true },
  { failCommands: ['find', 'aggregate'], blockConnection: true, blockTimeMS: 1_500 },
];

async function failCommands(rig: SoakRig, { durationMs, seed }: PlannedFault): Promise<void> {
  const random = new SeededRandom(seed);
  const data = random.pick(FAILING_COMMANDS);
  const client = new MongoClient(`mongodb://${rig.set.member.host}/?directConnection=true`);
  const configure = (mode: unknown): Promise<unknown> =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, data });
  try {
    await configure({ activationProbability: 0.3 });
    await delay(durationMs);
    await configure('off');
  } finally {
    await client.close();
  }
}

/** All indices of the connector, those of generations included. */
async function blockWrites(connector: SoakConnector, { durationMs }: PlannedFault, rig: SoakRig): Promise<void> {
  const set = async (isBlocked: boolean): Promise<boolean> => {
    const body = { 'index.blocks.write': isBlocked ? true : null };
    const { status } = await rig.elasticsearch.request(`/${connector.targets}/_settings`, { method: 'PUT', body });
    return status === 200;
  };
  if (!(await set(true))) throw new Error('the targets could not be blocked');
  await delay(durationMs);
  await eventually(() => set(false), { timeoutMs: PATIENCE_MS, what: 'the block to be lifted' });
}

/** @param meanwhile while it is paused; trouble with it keeps nobody from resuming */
async function pauseAndResume(
  connector: SoakConnector,
  { durationMs }: PlannedFault,
  rig: SoakRig,
  meanwhile: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  await connector.ask('POST', 'actions/pause');
  rig.leases.ledger.pause(connector.id);
  await delay(durationMs);
  const trouble = await meanwhile().catch((error: unknown) => error as Error);
  const resume = (): Promise<boolean> =>
    connector.ask('POST', 'actions/resume').then(
      () => true,
      () => false,
    );
  await eventually(resume, { timeoutMs: PATIENCE_MS, what: 'the connector to be resumed' });
  rig.leases.ledger.resume(connector.id);
  if (trouble instanceof Error) throw trouble;
}

/** Up to now: forward for what lags, back for what does not, and between the positions of partitions. */
async function setPosition(connector: SoakConnector, fault: PlannedFault, rig: SoakRig): Promise<void> {
  const random = new SeededRandom(fault.seed);
  await pauseAndResume(connector, fault, rig, async () => {
    const time = await connector.sourceTime(random.int(-8, 0));
    // Refused for as long as a worker holds a partition of the paused connector.
    const set = (): Promise<boolean> =>
      connector.ask('POST', 'actions/setPosition', { time, reason: 'a soak' }).then(() => true);
    await eventually(set, { timeoutMs: 15_000, intervalMs: 500, what: 'the position to be set' });
  });
}

async function askForResync(connector: SoakConnector, { seed }: PlannedFault): Promise<void> {
  await connector.ask('POST', 'actions/resync', { mode: new SeededRandom(seed).pick(['newGeneration', 'inPlace']) });
}

async function deleteGeneration(connector: SoakConnector): Promise<void> {
  const retired = (await connector.generations()).find(({ state }) => state === 'retired');
  if (retired === undefined) throw new Error('no generation is retired');
  await connector.ask('DELETE', `generations/${retired.number}`);
}

async function cancelResync(connector: SoakConnector): Promise<void> {
  const job = (await connector.unfinishedJobs()).find(({ mode }) => mode !== null);
  if (job === undefined) throw new Error('no resync is under way');
  await connector.command(job.id, 'cancel');
}

async function end(slot: WorkerSlot, signal: 'SIGKILL' | 'SIGTERM', downMs: number, rig: SoakRig): Promise<void> {
  rig.leases.ledger.left(slot.workerId, signal, performance.now());
  await slot.process.stop(signal);
  await delay(downMs);
  await slot.launch();
}

async function freeze(slot: WorkerSlot, { durationMs }: PlannedFault, rig: SoakRig): Promise<void> {
  rig.leases.ledger.left(slot.workerId, 'SIGSTOP', performance.now());
  slot.process.kill('SIGSTOP');
  await delay(durationMs);
  slot.process.kill('SIGCONT');
  rig.leases.ledger.cameBack(slot.workerId);
}

const BUSY = { status: 429, type: 'es_rejected_execution_exception' };
const AWAY = { status: 503, type: 'no_shard_available_action_exception' };

/** How each kind of fault is brought about. */
export const FAULT_RULES: Readonly<Record<FaultKind, FaultRule>> = {
  workerKilled: onSlot('process', (slot, { durationMs }, rig) => end(slot, 'SIGKILL', durationMs, rig)),
  workerFrozen: onSlot('process', freeze),
  workerStopped: onSlot('process', (slot, { durationMs }, rig) => end(slot, 'SIGTERM', durationMs, rig)),
  workerLosesElasticsearch: workerTcp({ kind: 'reset' }),
  elasticsearchConnectionsCut: onSlot('tcp', async ({ tcp }) => tcp.cutAll()),
  elasticsearchBlackHole: workerTcp({ kind: 'blackHole' }),
  elasticsearchSlow: workerTcp({ kind: 'slow', bytesPerSecond: 20_000 }),
  elasticsearchThrottles: workerHttp(({ http }, isHit) => {
    http.refuseBulkItems(() => (isHit(0.3) ? BUSY : undefined));
    http.refuseRequests(() => (isHit(0.1) ? BUSY : undefined));
  }),
  elasticsearchUnavailable: workerHttp(({ http }, isHit) => {
    http.refuseRequests(() => (isHit(0.5) ? AWAY : undefined));
  }),
  answersDropped: workerHttp(({ http }, isHit) => {
    http.refuseRequests(() => (isHit(0.3) ? 'dropAnswer' : undefined));
  }),
  mongodbConnectionsCut: onConnector('mongodbWay', async ({ mongodb }) => mongodb.cutAll()),
  mongodbReset: connectorTcp({ kind: 'reset' }),
  mongodbBlackHole: connectorTcp({ kind: 'blackHole' }),
  mongodbSlow: connectorTcp({ kind: 'slow', bytesPerSecond: 20_000 }),
  mongodbAnswersDropped: connectorTcp({ kind: 'dropAnswer' }),
  writesBlocked: onConnector('index', blockWrites),
  resyncAsked: onceAsked(askForResync),
  resyncCanceled: onceAsked(cancelResync),
  rollbackAsked: onceAsked((connector) => connector.ask('POST', 'actions/rollback')),
  generationDeleted: onceAsked(deleteGeneration),
  lettersRetried: onceAsked((connector) => connector.ask('POST', 'dead-letters/actions/retry')),
  pausedAndResumed: onConnector('operator', (connector, fault, rig) => pauseAndResume(connector, fault, rig)),
  positionSet: onConnector('operator', setPosition),
  collectionRebuilt: onConnector('collection', (connector, { seed }) => connector.rebuild(seed)),
  primarySteppedDown: {
    place: 'mongod',
    act: async ({ set }, { durationMs }) => void (await set.stepDown(Math.ceil(durationMs / 1_000))),
  },
  mongodbKilled: {
    place: 'mongod',
    act: async ({ set }, { durationMs }) => {
      await set.member.kill();
      await delay(durationMs);
      await set.member.start();
      await set.primary(PATIENCE_MS);
    },
  },
  commandsFail: { place: 'mongod', act: failCommands },
  elasticsearchKilled: {
    place: 'elasticsearch',
    act: async ({ elasticsearch }, { durationMs }) => {
      await elasticsearch.kill();
      await delay(durationMs);
      await elasticsearch.start();
    },
  },
};
