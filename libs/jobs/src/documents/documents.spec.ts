import { LockstepError } from '@lockstep/core';
import { NO_COUNTERS, type Job } from '@lockstep/contracts';
import fc from 'fast-check';
import { assertCondition } from './job-condition.js';
import { newJobDocument, toJob, toJobDocument } from './job-document.js';
import { jobPage, jobSearch, pageSizeOf } from './job-query.js';
import { reported } from './job-report.js';
import { decodePageToken, encodePageToken } from './page-token.js';
import { newJobId, newWorkerId } from './sortable-id.js';

const BEFORE = '2026-01-01T00:00:00.000Z';
const NOW = '2026-01-01T00:01:00.000Z';

function job(changes: Partial<Job> = {}): Job {
  const input = { type: 'bulk_sync', connectorId: 'con_1', connectorName: 'shop', requestedBy: 'api' } as const;
  const source = newJobDocument('job_1', input, BEFORE);
  return { ...toJob({ id: 'job_1', source, seqNo: 4, primaryTerm: 2 }), ...changes };
}

describe('ids', () => {
  it('have the promised shape', () => {
    expect(newJobId()).toMatch(/^job_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(newWorkerId()).toMatch(/^wrk_[0-9a-hjkmnp-tv-z]{26}$/);
  });

  it('sort by time', () => {
    const time = fc.integer({ min: 0, max: 2 ** 45 });
    fc.assert(
      fc.property(time, time, (a, b) => {
        fc.pre(a < b);
        expect(newJobId(a) < newJobId(b)).toBe(true);
      }),
    );
  });

  it('differ within a millisecond', () => {
    expect(new Set(Array.from({ length: 1_000 }, () => newJobId(1))).size).toBe(1_000);
  });
});

describe('job document', () => {
  it('is the job without its ETag', () => {
    expect(job().etag).toBe('4.2');
    expect(toJobDocument(job())).not.toHaveProperty('etag');
    expect(toJob({ id: 'job_1', source: toJobDocument(job()), seqNo: 4, primaryTerm: 2 })).toEqual(job());
  });

  it('keeps who has taken the job up to itself', () => {
    const source = toJobDocument(job(), { takenUpBy: 'con_1:1:0@7/a' });
    expect(source.takenUpBy).toBe('con_1:1:0@7/a');
    expect(toJob({ id: 'job_1', source, seqNo: 4, primaryTerm: 2 })).toEqual(job());
    expect(toJobDocument(job())).not.toHaveProperty('takenUpBy');
  });
});

describe('condition of a write', () => {
  const LOST = 'JOB_LEASE_LOST';
  it.each([
    [{}, undefined, 'holds'],
    [{}, 'con_1:1:0@7/a', 'holds'],
    [{ lease: 'con_1:1:0@7/a' }, 'con_1:1:0@7/a', 'holds'],
    [{ lease: 'con_1:1:0@7/a' }, undefined, LOST],
    [{ lease: 'con_1:1:0@7/a' }, 'con_1:1:0@8/a', LOST],
    [{ lease: 'con_1:1:0@7/a' }, 'con_1:1:0@6/a', LOST],
    [{ lease: 'con_1:1:0@7/a' }, 'con_1:1:0@7/b', LOST],
    [{ lease: 'con_1:1:0@7/a' }, 'con_1:2:0@7/a', LOST],
    [{ etag: '4.2' }, undefined, 'holds'],
    [{ etag: '3.2' }, undefined, 'CONFIG_VERSION_CONFLICT'],
  ])('%j, taken up by %p: %s', (condition, takenUpBy, expected) => {
    const source = toJobDocument(job(), takenUpBy === undefined ? {} : { takenUpBy });
    const look = (): void => assertCondition({ id: 'job_1', source, seqNo: 4, primaryTerm: 2 }, condition);
    if (expected === 'holds') expect(look).not.toThrow();
    else expect(look).toThrow(expect.objectContaining({ code: expected }));
  });
});

describe('page token', () => {
  it('comes back as it was', () => {
    expect(decodePageToken(encodePageToken([1_700_000_000_000, 'job_1']))).toEqual([1_700_000_000_000, 'job_1']);
  });

  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ['nothing', ''],
    ['no JSON', 'abc'],
    ['an object', encoded({})],
    ['too few values', encoded([1])],
    ['too many values', encoded([1, 'a', 2])],
    ['a text for the time', encoded(['1', 'a'])],
    ['a number for the id', encoded([1, 2])],
    ['an id with blanks', encoded([1, 'a b'])],
    ['an object for the id', encoded([1, { script: 'x' }])],
    ['megabytes', 'A'.repeat(2_000_000)],
  ])('refuses %s', (_name, token) => {
    expect(() => decodePageToken(token)).toThrow(expect.objectContaining({ code: 'API_REQUEST_INVALID' }));
  });

  it('refuses every other text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodePageToken(text)).toThrow(LockstepError);
      }),
    );
  });
});

describe('job list', () => {
  it.each([0, -1, 201, 1.5, NaN])('refuses %p as page size', (pageSize) => {
    expect(() => pageSizeOf({ pageSize })).toThrow(expect.objectContaining({ code: 'API_REQUEST_INVALID' }));
  });

  it('asks for one job more than the page holds, newest first', () => {
    expect(jobSearch({ pageSize: 2, connectorId: 'c', type: 'bulk_sync', state: ['pending', 'running'] })).toEqual({
      query: {
        bool: {
          filter: [
            { term: { connectorId: 'c' } },
            { term: { type: 'bulk_sync' } },
            { terms: { state: ['pending', 'running'] } },
          ],
        },
      },
      sort: [{ createdAt: 'desc' }, { id: 'desc' }],
      size: 3,
    });
  });

  it('names a next page only where one follows', () => {
    const jobs = ['job_3', 'job_2', 'job_1'].map((id) => job({ id }));
    expect(jobPage(jobs, 3).nextPageToken).toBeNull();
    expect(jobPage([], 3)).toEqual({ items: [], nextPageToken: null });
    const page = jobPage(jobs, 2);
    expect(page.items).toHaveLength(2);
    expect(decodePageToken(page.nextPageToken ?? '')).toEqual([Date.parse(BEFORE), 'job_2']);
  });
});

describe('job report', () => {
  it.each(['completed', 'failed', 'canceled'] as const)('leaves a %s job as it is', (state) => {
    const over = job({ state });
    expect(reported(over, { counters: { ...NO_COUNTERS, indexed: 9 } }, NOW)).toBe(over);
  });

  it('writes nothing when nothing is new', () => {
    const before = job();
    expect(reported(before, { progress: { ...before.progress }, condition: null }, NOW)).toBe(before);
  });

  it('never lets a counter fall', () => {
    const before = job({ counters: { ...NO_COUNTERS, indexed: 7, deleted: 1 } });
    const after = reported(before, { counters: { ...NO_COUNTERS, indexed: 3, deleted: 2 } }, NOW);
    expect(after.counters).toEqual({ ...NO_COUNTERS, indexed: 7, deleted: 2 });
    expect(after.updatedAt).toBe(NOW);
  });

  it('holds what is not confirmed', () => {
    const before = job({ confirmed: true, confirmedCollections: ['orders'] });
    expect(reported(before, { heldCollections: ['orders'] }, NOW)).toBe(before);
    const held = reported(before, { heldCollections: ['orders', 'films'] }, NOW);
    expect(held).toMatchObject({ confirmed: false, heldCollections: ['films'], confirmedCollections: ['orders'] });
    expect(reported(held, { heldCollections: [] }, NOW)).toMatchObject({ heldCollections: [] });
  });

  it('takes confirmations back, so that the next removal is held', () => {
    const before = job({ confirmed: true, confirmedCollections: ['orders', 'films'] });
    const after = reported(before, { takenBack: ['orders', 'unknown'] }, NOW);
    expect(after.confirmedCollections).toEqual(['films']);
    expect(reported(after, { heldCollections: ['orders', 'films'] }, NOW)).toMatchObject({
      heldCollections: ['orders'],
    });
  });

  it('sets and clears what stands in the way', () => {
    const condition = { reason: 'R', code: 'SOURCE_UNREACHABLE', message: 'm', since: BEFORE, remedy: 'r' } as const;
    const error = { code: 'SOURCE_UNREACHABLE', message: 'm' } as const;
    const waiting = reported(job(), { condition, error }, NOW);
    expect(waiting).toMatchObject({ condition, error });
    expect(reported(waiting, { progress: waiting.progress }, NOW)).toMatchObject({ condition, error });
    expect(reported(waiting, { condition: null, error: null }, NOW)).toMatchObject({ condition: null, error: null });
  });
});
