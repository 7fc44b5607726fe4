import { assertMayListen, isLoopbackAddress } from './bind-rule.js';
import { tokenCheck } from './token-check.js';

describe('where the API may listen', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['::1', true],
    ['localhost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['127.0.0.1.example.org', false],
    ['10.0.0.1', false],
  ])('%s is loopback: %s', (host, expected) => {
    expect(isLoopbackAddress(host)).toBe(expected);
  });

  it('is anywhere with a token, loopback only without', () => {
    expect(() => {
      assertMayListen('0.0.0.0', 'token');
    }).not.toThrow();
    expect(() => {
      assertMayListen('0.0.0.0', undefined);
    }).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }) as Error);
  });
});

describe('the token check', () => {
  it.each([
    ['secret', true],
    ['secre', false],
    ['secret ', false],
    ['', false],
  ])('%j: %s', (token, expected) => {
    expect(tokenCheck('secret')(token)).toBe(expected);
  });
});
