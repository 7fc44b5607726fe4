/** `low`: an operator is told. `critical`: the stream goes before scans. */
export type HeadroomLevel = 'ample' | 'low' | 'critical';

/** Shares of the window from which a level holds. */
const LOW = 0.5;
const CRITICAL = 0.8;
/** Share below which a level that was low is ample again, so that it does not flicker. */
const AMPLE = 0.4;

/**
 * The level of a share of the window. One that is critical stays so until half of the window is free again.
 * @param used 0 … of the window: the lag, or the time that a scan still takes
 */
export function headroomLevel(before: HeadroomLevel, used: number): HeadroomLevel {
  if (used >= CRITICAL || (before === 'critical' && used >= LOW)) return 'critical';
  return used >= LOW || (before !== 'ample' && used >= AMPLE) ? 'low' : 'ample';
}

export interface HeadroomLevels {
  /** Of the lag: at `critical` the position is about to be lost. */
  readonly lag: HeadroomLevel;
  /** Of the time that the scan still takes: nothing is lost by it while the stream gets its turns. */
  readonly scan: HeadroomLevel;
}

/** What an operator is told; null when all is well. Without figures: those are in the job. */
export function headroomMessage({ lag, scan }: HeadroomLevels): string | null {
  switch (lag) {
    case 'critical':
      return 'The stream sync is behind by more than 80 % of the oplog: scans wait until it has caught up';
    case 'low':
      return 'The stream sync is behind by more than half of the oplog';
    case 'ample':
  }
  switch (scan) {
    case 'critical':
      return 'The scan is going to take longer than 80 % of the time that the oplog spans';
    case 'low':
      return 'The scan is going to take longer than half of the time that the oplog spans';
    case 'ample':
      return null;
  }
}
