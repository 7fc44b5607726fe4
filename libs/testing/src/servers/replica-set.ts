import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MongoClient, type Document } from 'mongodb';
import {
  ensureReplicaSet,
  freePort,
  guardedFolder,
  provisionMongod,
  type GuardedFolder,
} from '../../../../scripts/stack/index.mjs';
import { eventually } from '../eventually.js';
import { MongodMember } from './mongod-member.js';

export interface ReplicaSetOptions {
  /** Of the set: what tells it from another one. @defaultValue `rs0` */
  readonly name?: string;
  /** 0 = a standalone server, not in any set. @defaultValue 1 */
  readonly members?: 0 | 1 | 3;
  /** MiB, at least 990 unless the server is told otherwise; small ones make history end. */
  readonly oplogSizeMb?: number;
  /** Fail points and the like. @defaultValue true */
  readonly testCommands?: boolean;
  /** Access control by a key file, with {@link ReplicaSet.access} as the one user. @defaultValue false */
  readonly auth?: boolean;
  /** More `name=value` parameters of the server. */
  readonly setParameters?: readonly string[];
}

/** Elections within five seconds instead of ten: tests wait for some, and a busy machine is to cause none. */
const QUICK_ELECTIONS = { electionTimeoutMillis: 5_000, heartbeatIntervalMillis: 500 };

/** The user that may do everything. */
export interface MongoAccess {
  readonly username: string;
  readonly password: string;
}

/** A replica set (or standalone server) of a test's own. `await using set = await startReplicaSet()`. */
export class ReplicaSet implements AsyncDisposable {
  readonly members: readonly MongodMember[];
  /** Present with access control. */
  readonly access: MongoAccess | null;
  readonly #url: string;
  readonly #folder: GuardedFolder;

  constructor(url: string, members: readonly MongodMember[], folder: GuardedFolder, access: MongoAccess | null) {
    this.#url = url;
    this.members = members;
    this.#folder = folder;
    this.access = access;
  }

  /** With the credentials of `access`, where there is access control. */
  get url(): string {
    return this.access === null ? this.#url : this.urlFor(this.access.username, this.access.password);
  }

  /** The URL for a user of the database `admin`. */
  urlFor(username: string, password: string): string {
    const login = `${encodeURIComponent(username)}:${encodeURIComponent(password)}@`;
    return `${this.#url.replace('mongodb://', `mongodb://${login}`)}&authSource=admin`;
  }

  /**
   * Creates a user of the database `admin` with a role of the same name.
   * @param privileges as `createRole` takes them
   * @returns the URL for the user
   */
  async createUser(username: string, password: string, privileges: readonly Document[]): Promise<string> {
    await this.#asAdmin(await this.primary(), async (admin) => {
      await admin.command({ createRole: username, privileges, roles: [] });
      await admin.command({ createUser: username, pwd: password, roles: [username] });
    });
    return this.urlFor(username, password);
  }

  /** The first member, of sets that have one. */
  get member(): MongodMember {
    return this.members[0]!;
  }

  /** The member that takes writes; waits for an election to end. */
  async primary(timeoutMs = 30_000): Promise<MongodMember> {
    return eventually(() => this.#findPrimary(), { timeoutMs, what: 'a primary' });
  }

  /** Makes the primary step down, and waits until a member takes writes again. */
  async stepDown(seconds = 10): Promise<MongodMember> {
    const before = await this.primary();
    await this.#asAdmin(before, (admin) =>
      admin.command({ replSetStepDown: seconds, force: this.members.length === 1 }),
    );
    return eventually(
      async () => {
        const now = await this.#findPrimary();
        return this.members.length === 1 || now !== before ? now : undefined;
      },
      { timeoutMs: 30_000 + seconds * 1000, what: 'a primary after the step-down' },
    );
  }

  /** Ends all processes and removes their data. */
  async stop(): Promise<void> {
    await Promise.all(
      this.members.map(async (member) => {
        member.thaw();
        await member.kill();
      }),
    );
    await this.#folder.remove();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #asAdmin<T>(member: MongodMember, work: (admin: AdminDb) => Promise<T>): Promise<T> {
    return onMember(member, work, this.access);
  }

  async #findPrimary(): Promise<MongodMember | undefined> {
    for (const member of this.members) {
      if (!member.isRunning) continue;
      const hello = await onMember(member, (admin) => admin.command({ hello: 1 })).catch(() => null);
      if (hello?.isWritablePrimary === true) return member;
    }
    return undefined;
  }
}

type AdminDb = ReturnType<MongoClient['db']>;

async function onMember<T>(
  member: MongodMember,
  work: (admin: AdminDb) => Promise<T>,
  access: MongoAccess | null = null,
): Promise<T> {
  const client = new MongoClient(`mongodb://${member.host}/`, {
    directConnection: true,
    serverSelectionTimeoutMS: 1_000,
    socketTimeoutMS: 15_000,
    ...(access === null ? {} : { auth: access, authSource: 'admin' }),
  });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}

/** Starts a replica set with its own data on free ports; it ends with this process at the latest. */
export async function startReplicaSet(options: ReplicaSetOptions = {}): Promise<ReplicaSet> {
  const { name = 'rs0' } = options;
  const count = options.members ?? 1;
  const mongod = await provisionMongod();
  const folder = await guardedFolder('mongodb');
  const setParameters = [
    ...(options.testCommands === false ? [] : ['enableTestCommands=1']),
    ...(options.setParameters ?? []),
  ];
  const access = options.auth === true ? { username: 'root', password: randomBytes(12).toString('hex') } : null;
  const keyFile = access === null ? null : await newKeyFile(folder.path);
  const members: MongodMember[] = [];
  for (let index = 0; index < Math.max(count, 1); index += 1) {
    const memberFolder = join(folder.path, `member-${index}`);
    await mkdir(memberFolder);
    members.push(
      new MongodMember({
        mongod,
        folder: memberFolder,
        port: await freePort(),
        replicaSet: count === 0 ? null : name,
        cacheGb: 0.25,
        setParameters,
        ...(keyFile === null ? {} : { keyFile }),
        ...(options.oplogSizeMb === undefined ? {} : { oplogSizeMb: options.oplogSizeMb }),
      }),
    );
  }
  const hosts = members.map((member) => member.host);
  const url =
    count === 0 ? `mongodb://${hosts[0]}/?directConnection=true` : `mongodb://${hosts.join(',')}/?replicaSet=${name}`;
  const set = new ReplicaSet(url, members, folder, access);
  try {
    await Promise.all(members.map((member) => member.start()));
    if (count > 0)
      await ensureReplicaSet(
        name,
        hosts.map((host) => ({ host })),
        { settings: QUICK_ELECTIONS },
      );
    if (count > 0) await set.primary();
    if (access !== null) await createFirstUser(members, access);
  } catch (error) {
    await set.stop();
    throw error;
  }
  return set;
}

async function newKeyFile(folder: string): Promise<string> {
  const path = join(folder, 'key-file');
  await writeFile(path, randomBytes(96).toString('base64'), { mode: 0o600 });
  return path;
}

/** Allowed without credentials from the same machine while there is no user. */
async function createFirstUser(members: readonly MongodMember[], { username, password }: MongoAccess): Promise<void> {
  const create = { createUser: username, pwd: password, roles: ['root'] };
  await eventually(
    async () => {
      for (const member of members) {
        const isDone = await onMember(member, (admin) => admin.command(create)).then(
          () => true,
          () => false,
        );
        if (isDone) return true;
      }
      return false;
    },
    { timeoutMs: 30_000, intervalMs: 500, what: 'the first user' },
  );
}
