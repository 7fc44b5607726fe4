import type { Clock } from '@lockstep/core';
import { stateAlias, type ElasticClient } from '@lockstep/elastic';
import { changeState, type StateRun } from '../write/state-change.js';
import { deadLetterId, type DeadLetter, type DeadLetterKey } from './dead-letter.js';
import { planRefused, planResolved } from './dead-letter-plan.js';
import { readLetters, writeLetters, type LetterWrite, type StoredLetter } from './letter-batch.js';

export interface DeadLetterWriterOptions {
  /** The client of the cluster that holds our own state. */
  readonly client: ElasticClient;
  readonly prefix: string;
  readonly clock: Clock;
}

type Plan = (stored: StoredLetter | undefined, id: string) => DeadLetter | null;

/** No plan keeps what is stored of it: read along, some hundred kept bodies would not fit. */
const CONTENT: readonly (keyof DeadLetter)[] = ['body', 'reason'];

const PAGE_LETTERS = 500;
const PAGE_BYTES = 4 * 1_024 * 1_024;

/**
 * Keeps dead letters. Every change reads first and writes by compare-and-set, because an operator may
 * discard one at the same time. Returns only when everything is acknowledged.
 */
export class DeadLetterWriter {
  private readonly alias: string;

  constructor(private readonly options: DeadLetterWriterOptions) {
    this.alias = stateAlias(options.prefix, 'dead-letters');
  }

  /** @throws LockstepError JOB_ABORTED, or a permanent refusal of our own index */
  async store(letters: readonly DeadLetter[], run: StateRun): Promise<void> {
    const byId = new Map(letters.map((letter) => [letter.id, letter]));
    for (const page of pagesOf(letters)) {
      const plan: Plan = (stored, id) => {
        const letter = byId.get(id);
        return letter === undefined ? null : planRefused(stored?.letter, letter);
      };
      await changeState(page, (pending) => this.changeOnce(pending, plan), run);
    }
  }

  /** Closes the dead letters of documents that were taken with this version or a newer one. */
  async resolve(keys: readonly (DeadLetterKey & { readonly version: bigint })[], run: StateRun): Promise<void> {
    const versions = new Map(keys.map((key) => [deadLetterId(key), key.version]));
    const nowIso = new Date(this.options.clock.nowMs()).toISOString();
    const ids = [...versions.keys()];
    const plan: Plan = (stored, id) => planResolved(stored?.letter, versions.get(id) ?? 0n, nowIso);
    for (let start = 0; start < ids.length; start += PAGE_LETTERS) {
      const page = ids.slice(start, start + PAGE_LETTERS);
      await changeState(page, (pending) => this.changeOnce(pending, plan), run);
    }
  }

  private async changeOnce(ids: readonly string[], plan: Plan): Promise<readonly string[]> {
    const stored = await readLetters(this.options.client, this.alias, ids, { without: CONTENT });
    const writes: LetterWrite[] = [];
    for (const id of ids) {
      const letter = plan(stored.get(id), id);
      if (letter !== null) writes.push({ letter, current: stored.get(id) });
    }
    return writes.length === 0 ? [] : writeLetters(this.options.client, this.alias, writes);
  }
}

function* pagesOf(letters: readonly DeadLetter[]): Generator<string[]> {
  let page: string[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = 1_024 + letter.originalId.length + (letter.body?.length ?? 0) + (letter.reason?.length ?? 0);
    if (page.length >= PAGE_LETTERS || (page.length > 0 && bytes + size > PAGE_BYTES)) {
      yield page;
      page = [];
      bytes = 0;
    }
    page.push(letter.id);
    bytes += size;
  }
  if (page.length > 0) yield page;
}
