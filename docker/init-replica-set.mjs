// Makes the MongoDB of the compose stack a replica set of one member and waits until it takes writes; harmless when it
// is one already: init-replica-set.mjs <name of the set> <host:port>
import { ensureReplicaSet } from '../scripts/stack/replica-set.mjs';

const [name, host] = process.argv.slice(2);
if (!name || !host) {
  console.error('usage: init-replica-set.mjs <name of the set> <host:port>');
  process.exit(1);
}
await ensureReplicaSet(name, [{ host }]);
console.log(`replica set ${name} takes writes at ${host}`);
