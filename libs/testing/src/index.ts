export { eventually, type EventuallyOptions } from './eventually.js';
export { httpJson, httpText, type HttpJsonAnswer, type HttpJsonOptions } from './http-json.js';
export { FAULT_KINDS, type FaultKind } from './faults/fault-kinds.js';
export { planFaults, type FaultRound, type PlannedFault } from './faults/fault-plan.js';
export { LeaseLedger, type Leaving, type SeenLease, type SeenPartition, type Takeover } from './faults/lease-ledger.js';
export { freePort } from './ports.js';
export { HOSTILE_MAPPINGS, type HostileDocument } from './load/hostile-document.js';
export { HostileWriter, type HostileWriterOptions, type WriteCounts } from './load/hostile-writer.js';
export { expectSettled, type Settled, type SettledSides } from './load/expect-settled.js';
export { SeededRandom } from './load/seeded-random.js';
export { chromiumPath } from './chromium-path.js';
export { splitBulkBody, type BulkItem } from './proxy/bulk-body.js';
export {
  ElasticsearchFaultProxy,
  type Refusal,
  type RequestDecision,
  type SeenRequest,
  type Slowness,
} from './proxy/elasticsearch-fault-proxy.js';
export { TcpFaultProxy } from './proxy/tcp-fault-proxy.js';
export type { Direction, TcpFault } from './proxy/tcp-fault.js';
export {
  ElasticsearchServer,
  startElasticsearch,
  type ApiKey,
  type ElasticsearchAccess,
  type ElasticsearchOptions,
} from './servers/elasticsearch-server.js';
export { ElasticsearchCluster, startElasticsearchCluster } from './servers/elasticsearch-cluster.js';
export { MongodMember } from './servers/mongod-member.js';
export { ReplicaSet, startReplicaSet, type MongoAccess, type ReplicaSetOptions } from './servers/replica-set.js';
export { testServers, type TestServers } from './servers/suite-servers.js';
export { uniqueName } from './unique-name.js';
export {
  compareBothSides,
  type ComparedSides,
  type Comparison,
  type SourceHistory,
} from './comparer/compare-both-sides.js';
export {
  DIFFERENCES,
  expectInLockstep,
  isInLockstep,
  type LockstepExpectation,
} from './comparer/expect-in-lockstep.js';
export {
  LockstepInstance,
  type LockstepInstanceOptions,
  type ShownConnector,
  type ShownJob,
} from './services/lockstep-instance.js';
export { ServiceProcess, type AppName, type ServiceOptions } from './services/service-process.js';
