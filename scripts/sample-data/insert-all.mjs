const BATCH = 1_000;

/**
 * Inserts generated documents in batches, four at a time, and says how far it is.
 * @param {import('mongodb').Collection<any>} collection
 * @param {number} count
 * @param {(ordinal: number) => object} make
 */
export async function insertAll(collection, count, make) {
  const pending = new Set();
  let done = 0;
  let shownAt = performance.now();
  for (let from = 0; from < count; from += BATCH) {
    const documents = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => make(from + i));
    const insert = collection.insertMany(documents, { ordered: false }).then(() => {
      pending.delete(insert);
      done += documents.length;
    });
    pending.add(insert);
    if (pending.size >= 4) await Promise.race(pending);
    if (performance.now() - shownAt > 2_000) {
      shownAt = performance.now();
      process.stdout.write(`  … ${collection.namespace}: ${done} of ${count}\n`);
    }
  }
  await Promise.all(pending);
  process.stdout.write(`  ✔ ${collection.namespace}: ${count} documents\n`);
}
