import type { MongoClientOptions } from 'mongodb';

/** No reply takes longer: the last resort behind the deadlines of single commands. Milliseconds. */
const SOCKET_TIMEOUT_MS = 20 * 60_000;

/**
 * How we connect. These win over what the URI says, except for what they do not name (TLS, credentials,
 * hosts, compression, …).
 * - No retries in the driver: whoever reads knows from where to read again.
 * - A half-open connection shows within about 20 s: a heartbeat that gets no answer in `connectTimeoutMS`
 *   interrupts the commands in flight, TCP keep-alive does it for the others.
 */
export function clientOptions(appName: string): MongoClientOptions {
  return {
    appName: appName.slice(0, 128),
    retryReads: false,
    retryWrites: false,
    maxPoolSize: 10,
    minPoolSize: 0,
    maxIdleTimeMS: 300_000,
    waitQueueTimeoutMS: 30_000,
    connectTimeoutMS: 10_000,
    serverSelectionTimeoutMS: 10_000,
    heartbeatFrequencyMS: 10_000,
    socketTimeoutMS: SOCKET_TIMEOUT_MS,
    monitorCommands: false,
  };
}
