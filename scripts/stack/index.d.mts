/** Types of `index.mjs`. */
export interface MongodLaunch {
  readonly mongod: string;
  readonly folder: string;
  readonly port: number;
  readonly replicaSet?: string | null;
  readonly oplogSizeMb?: number;
  readonly cacheGb?: number;
  readonly setParameters?: readonly string[];
  /** Turns access control on. */
  readonly keyFile?: string;
}

export interface ElasticsearchLaunch {
  readonly home: string;
  readonly javaHome: string;
  readonly folder: string;
  readonly port: number;
  readonly transportPort: number;
  readonly heapMb?: number;
  /** Lives for minutes: it starts faster, and is slower than it could become. */
  readonly isShortLived?: boolean;
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly bootstrapPassword?: string;
}

export interface GuardedFolder {
  readonly path: string;
  remove(): Promise<void>;
}

export interface SuiteServers {
  readonly mongodbUrl: string;
  readonly elasticsearchUrl: string;
  stop(): Promise<void>;
}

/** @returns the process id */
export function launchMongod(options: MongodLaunch): Promise<number>;
/** @returns the process id */
export function launchElasticsearch(options: ElasticsearchLaunch): Promise<number>;
export function guardedFolder(name: string): Promise<GuardedFolder>;
export function endProcess(pid: number, options?: { graceMs?: number; signal?: NodeJS.Signals }): Promise<void>;
export function freePort(): Promise<number>;
export function isAlive(pid: number): boolean;
export function isPortTaken(port: number): Promise<boolean>;
export function provisionMongod(): Promise<string>;
/** @param options `version`: 8.19.9, or 9.2.4 */
export function provisionElasticsearch(options?: { version?: string }): Promise<{ home: string; javaHome: string }>;
export function provisionCompleteElasticsearch(options?: {
  version?: string;
}): Promise<{ home: string; javaHome: string }>;
export function ensureReplicaSet(
  name: string,
  members: readonly { host: string; priority?: number; votes?: number }[],
  options?: { settings?: object },
): Promise<void>;
export function startSuiteServers(): Promise<SuiteServers>;
export function ensureChromium(): Promise<string>;
export function findChromium(): Promise<string | null>;
