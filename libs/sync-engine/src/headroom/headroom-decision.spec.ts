import { headroomLevel, headroomMessage, type HeadroomLevel } from './headroom-decision.js';

describe('headroom decision', () => {
  it.each<[HeadroomLevel, number, HeadroomLevel]>([
    ['ample', 0, 'ample'],
    ['ample', 0.499, 'ample'],
    ['ample', 0.5, 'low'],
    ['ample', 0.8, 'critical'],
    ['ample', 7, 'critical'],
    ['low', 0.45, 'low'],
    ['low', 0.399, 'ample'],
    ['low', 0.8, 'critical'],
    ['critical', 0.79, 'critical'],
    ['critical', 0.5, 'critical'],
    ['critical', 0.499, 'low'],
    ['critical', 0.1, 'ample'],
  ])('from %s at %d to %s', (before, used, after) => {
    expect(headroomLevel(before, used)).toBe(after);
  });

  it('tells of the lag before the scan, and nothing when all is well', () => {
    expect(headroomMessage({ lag: 'ample', scan: 'ample' })).toBeNull();
    expect(headroomMessage({ lag: 'low', scan: 'critical' })).toContain('stream sync is behind by more than half');
    expect(headroomMessage({ lag: 'critical', scan: 'ample' })).toContain('scans wait');
    expect(headroomMessage({ lag: 'ample', scan: 'low' })).toContain('scan is going to take longer than half');
    expect(headroomMessage({ lag: 'ample', scan: 'critical' })).toContain('80 %');
  });
});
