import { curlCommand } from './curl-command.js';

describe('curl command', () => {
  it('is plain for a read without a token', () => {
    expect(curlCommand({ method: 'GET', url: 'http://h/api', needsToken: false })).toBe(`curl -sS 'http://h/api'`);
  });

  it('names method and token variable and quotes the URL', () => {
    expect(curlCommand({ method: 'POST', url: `http://h/a'b?x=$y`, needsToken: true })).toBe(
      `curl -sS -X POST -H "Authorization: Bearer $LOCKSTEP_API_TOKEN" 'http://h/a'\\''b?x=$y'`,
    );
  });
});
