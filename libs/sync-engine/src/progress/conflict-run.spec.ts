import { FROZEN_FROM_COUNT, FROZEN_FROM_MS, isFrozen, nextConflictRun, NO_CONFLICTS } from './conflict-run.js';

type Step = readonly [atMs: number, result: { indexed?: number; deleted?: number; conflicts?: number }];

describe('a target in which everything is newer', () => {
  const storm: Step = [1_000, { conflicts: FROZEN_FROM_COUNT }];
  const later: Step = [1_000 + FROZEN_FROM_MS, { conflicts: 1 }];

  it.each<[string, readonly Step[], boolean]>([
    ['is frozen when nothing but conflicts come, and it lasts', [storm, later], true],
    ['is not frozen by many conflicts at once, as after a restart', [storm, [2_000, { conflicts: 10_000 }]], false],
    ['is not frozen by a few, however long', [[1_000, { conflicts: 1 }], later], false],
    ['is not frozen while something is taken', [storm, [2_000, { indexed: 1, conflicts: 500 }], later], false],
    ['is not frozen while something is deleted', [storm, [2_000, { deleted: 1 }], later], false],
    ['stays frozen while nothing is written', [storm, later, [100_000, {}]], true],
    ['is no longer frozen when something is taken', [storm, later, [100_000, { indexed: 1 }]], false],
  ])('%s', (_name, steps, expected) => {
    let run = NO_CONFLICTS;
    let nowMs = 0;
    for (const [atMs, result] of steps) {
      nowMs = atMs;
      run = nextConflictRun(run, { indexed: 0, deleted: 0, conflicts: 0, ...result }, nowMs);
    }
    expect(isFrozen(run, nowMs)).toBe(expected);
  });
});
