import { eventually } from '../eventually.js';
import { freePort } from '../ports.js';
import { TcpFaultProxy } from '../proxy/tcp-fault-proxy.js';
import { startElasticsearch, type ElasticsearchServer } from './elasticsearch-server.js';

/**
 * Three Elasticsearch nodes, each of which holds data and may be the master, behind one address that leads to a node which
 * is up, as a load balancer does. `await using cluster = await startElasticsearchCluster()`.
 */
export class ElasticsearchCluster implements AsyncDisposable {
  constructor(
    readonly nodes: readonly ElasticsearchServer[],
    private readonly balancer: TcpFaultProxy,
  ) {}

  get url(): string {
    return `http://127.0.0.1:${this.balancer.port}`;
  }

  /** Ends a node by SIGKILL; whoever spoke with it finds another one behind the address. */
  async kill(node: ElasticsearchServer): Promise<void> {
    const other = this.nodes.find((one) => one !== node && one.isUp);
    if (other === undefined) throw new Error('no other node is up');
    this.balancer.leadTo(other.port);
    await node.kill();
  }

  /** Every shard has all of its copies. */
  async untilGreen(): Promise<void> {
    await eventually(
      async () => {
        const { body } = await this.anyNode.request('/_cluster/health?wait_for_status=green&timeout=5s');
        return body.status === 'green' && body.number_of_nodes === this.nodes.length;
      },
      { timeoutMs: 120_000, what: 'a green cluster' },
    );
  }

  /** The node that has the primary shard of an index. */
  async holderOf(index: string): Promise<ElasticsearchServer> {
    const { body } = await this.anyNode.request(`/_cat/shards/${index}?format=json`);
    const shards = body as unknown as readonly { readonly prirep: string; readonly node: string }[];
    const name = shards.find(({ prirep }) => prirep === 'p')?.node;
    const node = this.nodes.find((one) => one.name === name);
    if (node === undefined) throw new Error(`nobody has the primary shard of ${index}`);
    return node;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.balancer.stop();
    await Promise.all(this.nodes.map((node) => node.stop()));
  }

  private get anyNode(): ElasticsearchServer {
    const node = this.nodes.find(({ isUp }) => isUp);
    if (node === undefined) throw new Error('no node is up');
    return node;
  }
}

export async function startElasticsearchCluster(): Promise<ElasticsearchCluster> {
  const members: { readonly name: string; readonly transportPort: number }[] = [];
  for (const name of ['lockstep-1', 'lockstep-2', 'lockstep-3']) {
    members.push({ name, transportPort: await freePort() });
  }
  const settings = {
    'discovery.type': 'multi-node',
    'discovery.seed_hosts': members.map(({ transportPort }) => `127.0.0.1:${transportPort}`).join(','),
    'cluster.initial_master_nodes': members.map(({ name }) => name).join(','),
  };
  const starting = members.map((member) => startElasticsearch({ ...member, heapMb: 384, settings }));
  const started = await Promise.allSettled(starting);
  const nodes = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failure = started.find((one) => one.status === 'rejected');
  if (failure !== undefined) {
    await Promise.all(nodes.map((node) => node.stop()));
    throw failure.reason as Error;
  }
  return new ElasticsearchCluster(nodes, await TcpFaultProxy.start(nodes[0]!.port));
}
