import { KILL_POINTS } from '@lockstep/core';
import { readKillOrder } from './kill-order';
import { loadSettings } from './load-settings';

const order = (text: string | undefined) => readKillOrder({ LOCKSTEP_TEST_KILL_POINT: text });

describe('the kill order of a test', () => {
  it('is none where nothing is set, as everywhere outside of tests', () => {
    expect(readKillOrder({})).toBeNull();
    expect(order('')).toBeNull();
  });

  it.each(Object.keys(KILL_POINTS))('can name %s', (point) => {
    expect(order(point)).toEqual({ point, nth: 1 });
    expect(order(`${point}:12`)).toEqual({ point, nth: 12 });
  });

  it.each(['bulk', 'bulk.sending:0', 'bulk.sending:-1', 'bulk.sending:x', 'toString', 'bulk.sending:', ' '])(
    'refuses %p: a test that kills nothing proves nothing',
    (text) => {
      expect(() => order(text)).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
    },
  );

  it('is no setting: the apps know the name and look past it', () => {
    const env = {
      LOCKSTEP_ELASTICSEARCH_URL: 'http://127.0.0.1:9200',
      LOCKSTEP_PRIVATE_KEYS_DIR: '/keys',
      LOCKSTEP_TEST_KILL_POINT: 'bulk.sending',
    };
    const { warnings, redacted } = loadSettings('connector-worker', env);
    expect(warnings).toEqual([]);
    expect(Object.keys(redacted)).not.toContain('LOCKSTEP_TEST_KILL_POINT');
  });
});
