import { MongoClient } from 'mongodb';
import {
  LockstepInstance,
  startElasticsearch,
  startReplicaSet,
  type ElasticsearchServer,
  type ReplicaSet,
} from '@lockstep/testing';
import { LeaseWatch } from './lease-watch';
import { SoakConnector } from './soak-connector';
import { WorkerSlot } from './worker-slot';

export interface SoakRigOptions {
  readonly seed: number;
  readonly workers: number;
  readonly connectors: number;
}

/** Servers of its own, workers and connectors between proxies: everything that a soak breaks and heals. */
export class SoakRig {
  set!: ReplicaSet;
  elasticsearch!: ElasticsearchServer;
  lockstep!: LockstepInstance;
  leases!: LeaseWatch;
  readonly slots: WorkerSlot[] = [];
  readonly connectors: SoakConnector[] = [];
  private readonly ownEnds: string[] = [];
  private client!: MongoClient;

  constructor(private readonly options: SoakRigOptions) {}

  async start(): Promise<void> {
    [this.set, this.elasticsearch] = await Promise.all([startReplicaSet(), startElasticsearch()]);
    const [mongodbUrl, elasticsearchUrl] = [this.set.url, this.elasticsearch.url];
    const client = new MongoClient(mongodbUrl, { serverSelectionTimeoutMS: 5_000 });
    this.client = await client.connect();
    this.lockstep = new LockstepInstance({ elasticsearchUrl });
    await this.lockstep.start(0);
    for (let index = 0; index < this.options.workers; index += 1) {
      const slot = await WorkerSlot.open(this.lockstep, index, Number(new URL(elasticsearchUrl).port));
      this.slots.push(slot);
      await slot.launch();
    }
    const { lockstep } = this;
    const { seed } = this.options;
    const mongodbPort = this.set.member.port;
    for (let index = 0; index < this.options.connectors; index += 1) {
      this.connectors.push(
        await SoakConnector.open({ lockstep, client, mongodbUrl, mongodbPort, elasticsearchUrl, index, seed }),
      );
    }
    const ids = this.connectors.map(({ id }) => id);
    this.leases = new LeaseWatch(`${elasticsearchUrl}/${this.lockstep.prefix}-state-v1`, ids);
    this.leases.start();
    for (const { writer } of this.connectors) writer.resume();
  }

  /** What must never be, as seen so far. */
  get violations(): readonly string[] {
    return [...this.leases.ledger.violations, ...this.ownEnds];
  }

  /** Every way is open and every worker runs. */
  async heal(): Promise<void> {
    for (const one of [...this.slots, ...this.connectors]) one.heal();
    for (const slot of this.slots) {
      const last = await slot.revive();
      if (last !== null) this.ownEnds.push(`a worker has ended by itself: ${last}`);
    }
  }

  async stop(): Promise<void> {
    this.leases?.stop();
    await Promise.all(this.connectors.map((connector) => connector.close()));
    await this.lockstep?.stop();
    await Promise.all(this.slots.map((slot) => slot.close()));
    await this.client?.close();
    await this.elasticsearch?.stop();
    await this.set?.stop();
  }
}
