import type { Job, JobState } from '@lockstep/contracts';
import { hasCode, LockstepError } from '@lockstep/core';
import fc from 'fast-check';
import { newJobDocument } from '../documents/job-document.js';
import type { JobCommand } from './job-command.js';
import { isTerminal, nextJob } from './next-job.js';

const BEFORE = '2026-01-01T00:00:00.000Z';
const NOW = '2026-01-01T00:01:00.000Z';
const STATES: readonly JobState[] = ['pending', 'running', 'paused', 'completed', 'failed', 'canceling', 'canceled'];
const KINDS: readonly JobCommand['kind'][] = [
  'start',
  'pause',
  'resume',
  'complete',
  'fail',
  'cancel',
  'canceled',
  'confirm',
];
const ERROR = { code: 'SOURCE_UNREACHABLE', message: 'no answer' } as const;

function job(changes: Partial<Job> = {}): Job {
  const { schema: _schema, ...fresh } = newJobDocument(
    'job_1',
    { type: 'bulk_sync', connectorId: 'con_1', connectorName: 'shop', requestedBy: 'api' },
    BEFORE,
  );
  return { ...fresh, etag: '1.1', ...changes };
}

function command(kind: JobCommand['kind']): JobCommand {
  if (kind === 'fail') return { kind, error: ERROR };
  return kind === 'confirm' ? { kind, collections: null } : { kind };
}

const WAITING = { reason: 'Brake', code: 'SWEEP_BRAKE_ENGAGED', message: 'm', since: BEFORE, remedy: 'r' } as const;

/** Every state (rows) by every command (columns, as KINDS): the next state, `=` unchanged, `x` refused. */
const TABLE: Readonly<Record<JobState, string>> = {
  //          start     pause  resume   complete  fail   cancel    canceled confirm
  pending: '  running   paused x        x         failed canceled  x        pending',
  running: '  =         paused =        completed failed canceling x        running',
  paused: '   x         =      running  x         failed canceling x        paused',
  completed: 'x         x      x        =         x      x         x        x',
  failed: '   x         x      x        x         =      x         x        x',
  canceling: 'x         x      x        x         failed =         canceled x',
  canceled: ' x         x      x        x         x      =         =        x',
};

const CASES = STATES.flatMap((state) => {
  const cells = TABLE[state].trim().split(/\s+/);
  return KINDS.map((kind, column) => [state, kind, cells[column] ?? 'missing'] as const);
});

describe('nextJob', () => {
  it.each(CASES)('%s + %s → %s', (state, kind, expected) => {
    const before = job({ state, startedAt: BEFORE, condition: WAITING, heldCollections: ['orders'] });
    if (expected === 'x') {
      expect(() => nextJob(before, command(kind), NOW)).toThrow(LockstepError);
      return;
    }
    const after = nextJob(before, command(kind), NOW);
    if (expected === '=') {
      expect(after).toBe(before);
      return;
    }
    expect(after.state).toBe(expected);
    expect(after.updatedAt).toBe(NOW);
  });

  it('resumes a job that never ran to pending', () => {
    expect(nextJob(job({ state: 'paused', startedAt: null }), { kind: 'resume' }, NOW).state).toBe('pending');
  });

  it('keeps the first start', () => {
    const resumed = nextJob(job({ state: 'paused', startedAt: BEFORE }), { kind: 'resume' }, NOW);
    expect(resumed.startedAt).toBe(BEFORE);
    expect(nextJob(job(), { kind: 'start' }, NOW).startedAt).toBe(NOW);
  });

  it.each([
    ['where nothing is held', [], null],
    ['what is not held', ['orders'], ['films']],
    ['when one of several is not held', ['orders'], ['orders', 'films']],
  ] as const)(
    'refuses to confirm %s, so that no removal is confirmed in advance',
    (_, heldCollections, collections) => {
      const before = job({ state: 'running', condition: WAITING, heldCollections });
      expect(() => nextJob(before, { kind: 'confirm', collections }, NOW)).toThrow(LockstepError);
    },
  );

  it('confirms once', () => {
    const before = job({ state: 'running', condition: WAITING, heldCollections: ['orders', 'films'] });
    const confirmed = nextJob(before, { kind: 'confirm', collections: null }, NOW);
    expect(confirmed).toMatchObject({
      ...{ confirmed: true, heldCollections: [], confirmedCollections: ['orders', 'films'] },
    });
    expect(nextJob(confirmed, { kind: 'confirm', collections: null }, NOW)).toBe(confirmed);
    expect(nextJob(confirmed, { kind: 'confirm', collections: ['films'] }, NOW)).toBe(confirmed);
  });

  it('confirms the collections that are named, and leaves the others held', () => {
    const before = job({ state: 'running', condition: WAITING, heldCollections: ['orders', 'films'] });
    const some = nextJob(before, { kind: 'confirm', collections: ['films'] }, NOW);
    expect(some).toMatchObject({ confirmed: false, heldCollections: ['orders'], confirmedCollections: ['films'] });
    const all = nextJob(some, { kind: 'confirm', collections: ['films', 'orders'] }, NOW);
    expect(all).toMatchObject({ confirmed: true, heldCollections: [], confirmedCollections: ['films', 'orders'] });
  });

  it.each([
    ['completed', { kind: 'complete' }, 'done', null],
    ['failed', { kind: 'fail', error: ERROR }, 'scanning', ERROR],
  ] as const)('cleans up a %s job', (state, ending, phase, error) => {
    const progress = { ...job().progress, phase: 'scanning', ratePerSecond: 5, etaSeconds: 9 } as const;
    const waiting = job({
      state: 'running',
      condition: WAITING,
      progress,
      error: { ...ERROR, message: 'for a while' },
    });
    expect(nextJob(waiting, ending, NOW)).toMatchObject({
      state,
      condition: null,
      error,
      finishedAt: NOW,
      progress: { phase, ratePerSecond: null, etaSeconds: null },
    });
  });

  it('never leaves a terminal state, whatever the commands', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KINDS), { maxLength: 30 }), (kinds) => {
        let current = job({ condition: WAITING, heldCollections: ['orders'] });
        let ended: JobState | null = null;
        for (const kind of kinds) {
          try {
            current = nextJob(current, command(kind), NOW);
          } catch (error) {
            expect(hasCode(error, 'JOB_STATE_CONFLICT')).toBe(true);
          }
          if (ended !== null) expect(current.state).toBe(ended);
          if (isTerminal(current.state)) ended = current.state;
          expect(current.finishedAt !== null).toBe(isTerminal(current.state));
        }
      }),
    );
  });
});
