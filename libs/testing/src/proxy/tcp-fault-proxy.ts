import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { alterPiece, decidePiece, type Direction, type TcpFault } from './tcp-fault.js';

/** Pieces of a slowed connection are this small, so that the rate is even. */
const SLOW_PIECE_BYTES = 1_024;

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  /** Bytes since the present fault came on. */
  readonly passed: Record<Direction, number>;
}

/**
 * A TCP proxy on the loopback address that can misbehave. A replica set tells its clients the members' own addresses,
 * so a client that shall stay behind the proxy connects with `directConnection=true`.
 */
export class TcpFaultProxy implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  #fault: TcpFault = { kind: 'none' };
  #dropsLeft = Number.POSITIVE_INFINITY;

  #targetPort: number;

  private constructor(server: Server, targetPort: number) {
    this.#server = server;
    this.#targetPort = targetPort;
    this.port = (server.address() as AddressInfo).port;
  }

  /** @param targetPort of a server on the loopback address */
  static async start(targetPort: number): Promise<TcpFaultProxy> {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    const proxy = new TcpFaultProxy(server, targetPort);
    server.on('connection', (client) => {
      proxy.#join(client);
    });
    return proxy;
  }

  /** Connections that are open now. */
  get connectionCount(): number {
    return this.#pairs.size;
  }

  /** From now on this fault, for open connections as well; the one before ends. */
  inject(fault: TcpFault): void {
    this.#fault = fault;
    this.#dropsLeft = fault.kind === 'dropAnswer' ? (fault.times ?? Number.POSITIVE_INFINITY) : 0;
    for (const pair of this.#pairs) {
      pair.passed.toServer = 0;
      pair.passed.toClient = 0;
    }
    if (fault.kind === 'reset') this.cutAll();
  }

  /** Back to normal. Connections that a black hole has swallowed bytes of stay broken: they are reset. */
  heal(): void {
    if (this.#fault.kind === 'blackHole') this.cutAll();
    this.inject({ kind: 'none' });
  }

  /** Resets every open connection once. */
  cutAll(): void {
    for (const pair of this.#pairs) this.#cut(pair);
  }

  /** To another server on the loopback address from now on; open connections are reset. */
  leadTo(targetPort: number): void {
    this.#targetPort = targetPort;
    this.cutAll();
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #join(client: Socket): void {
    if (this.#fault.kind === 'reset') {
      client.on('error', ignoreReset);
      client.resetAndDestroy();
      return;
    }
    const server = connect({ host: '127.0.0.1', port: this.#targetPort, allowHalfOpen: true });
    const pair: Pair = { client, server, passed: { toServer: 0, toClient: 0 } };
    this.#pairs.add(pair);
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => {
        this.#cut(pair);
      });
      socket.on('close', () => {
        if (client.destroyed && server.destroyed) this.#pairs.delete(pair);
      });
    }
    // Errors of a side have been handled above, by cutting the pair: they only end these two loops.
    this.#relay(pair, 'toServer').catch(ignoreReset);
    this.#relay(pair, 'toClient').catch(ignoreReset);
  }

  async #relay(pair: Pair, direction: Direction): Promise<void> {
    const [from, to] = direction === 'toServer' ? [pair.client, pair.server] : [pair.server, pair.client];
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (const piece of this.#pieces(chunk)) {
        if (!(await this.#passOn(piece, { pair, direction, to }))) return;
      }
    }
    to.end();
  }

  #pieces(chunk: Buffer): readonly Buffer[] {
    if (this.#fault.kind !== 'slow') return [chunk];
    const pieces: Buffer[] = [];
    for (let at = 0; at < chunk.length; at += SLOW_PIECE_BYTES) pieces.push(chunk.subarray(at, at + SLOW_PIECE_BYTES));
    return pieces;
  }

  /** @returns false when the connection was cut */
  async #passOn(piece: Buffer, way: { pair: Pair; direction: Direction; to: Socket }): Promise<boolean> {
    const { pair, direction, to } = way;
    const decision = decidePiece(this.#fault, { direction, bytes: piece.length, bytesBefore: pair.passed[direction] });
    pair.passed[direction] += piece.length;
    switch (decision.kind) {
      case 'swallow':
        return true;
      case 'cut':
        if (this.#fault.kind === 'dropAnswer' && this.#dropsLeft-- <= 0) {
          await write(to, piece);
          return true;
        }
        if (decision.passBytes > 0) await write(to, piece.subarray(0, decision.passBytes));
        this.#cut(pair);
        return false;
      case 'pass':
        if (decision.waitMs > 0) await delay(decision.waitMs);
        await write(to, alterPiece(this.#fault, direction, piece));
        return true;
    }
  }

  #cut(pair: Pair): void {
    this.#pairs.delete(pair);
    // A socket whose end is on its way cannot be reset: its handle would stay open for ever.
    if (pair.client.writableEnded) pair.client.destroy();
    else pair.client.resetAndDestroy();
    pair.server.destroy();
  }
}

function ignoreReset(): void {
  // The other side sees the broken connection, which is what this proxy is for.
}

/** Writes and waits until the bytes are handed to the system, so that a slow reader slows the writer. */
function write(to: Socket, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    to.write(piece, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
