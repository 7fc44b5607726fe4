import { connect, type Socket } from 'node:net';
import { BSON, type Document } from 'mongodb';
import {
  documentOf,
  raw,
  type RawElement,
  type RawValue,
} from '../../libs/mongo-source/src/transcode/bson-bytes.fixture.js';

const OP_MSG = 2013;
const HEADER_BYTES = 16;

/** A connection that sends commands as the very bytes they are made of: what no driver would serialize. */
export class RawConnection implements AsyncDisposable {
  private buffered = Buffer.alloc(0);
  private waiting: ((reply: Buffer) => void) | null = null;
  private failed: Error | null = null;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.buffered = Buffer.concat([this.buffered, chunk]);
      if (this.buffered.length < HEADER_BYTES || this.buffered.length < this.buffered.readInt32LE(0)) return;
      const reply = this.buffered;
      this.buffered = Buffer.alloc(0);
      this.waiting?.(reply);
    });
    socket.on('error', (error) => {
      this.failed = error;
    });
  }

  /** @param mongodbUrl of a server without authentication; its first host has to be the primary */
  static async open(mongodbUrl: string): Promise<RawConnection> {
    const [host, port] = /^mongodb:\/\/([^:/,]+):(\d+)/.exec(mongodbUrl)!.slice(1) as [string, string];
    const socket = connect(Number(port), host);
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawConnection(socket);
  }

  /** @throws Error when the server refuses the command or one of its writes */
  async command(elements: readonly RawElement[]): Promise<Document> {
    if (this.failed !== null) throw this.failed;
    const body = documentOf(elements);
    const header = Buffer.alloc(HEADER_BYTES + 5);
    header.writeInt32LE(header.length + body.length, 0);
    header.writeInt32LE(OP_MSG, 12);
    const answer = new Promise<Buffer>((resolve) => (this.waiting = resolve));
    this.socket.write(Buffer.concat([header, body]));
    const reply = BSON.deserialize((await answer).subarray(HEADER_BYTES + 5));
    if (reply.ok !== 1 || reply.writeErrors !== undefined) throw new Error(JSON.stringify(reply).slice(0, 500));
    return reply;
  }

  async insert(database: string, collection: string, documents: readonly (readonly RawElement[])[]): Promise<void> {
    await this.command([
      ['insert', raw.string(collection)],
      ['documents', raw.array(documents.map((elements) => raw.document(elements)))],
      ['ordered', raw.bool(true)],
      ['$db', raw.string(database)],
    ]);
  }

  /** Deletes the documents with exactly these `_id`s. */
  async delete(database: string, collection: string, ids: readonly RawValue[]): Promise<number> {
    const { n } = await this.command([
      ['delete', raw.string(collection)],
      ['deletes', raw.array(ids.map((id) => raw.document([['q', idIs(id)], ['limit', raw.int32(1)]])))],
      ['$db', raw.string(database)],
    ]); // prettier-ignore
    return n as number;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => this.socket.end(() => resolve()));
  }
}

function idIs(id: RawValue): RawValue {
  return raw.document([['_id', raw.document([['$eq', id]])]]);
}
