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

  it('sends a body as JSON', () => {
    expect(curlCommand({ method: 'POST', url: 'http://h/a', needsToken: false, body: { why: "it's due" } })).toBe(
      `curl -sS -X POST -H 'Content-Type: application/json' -d '{"why":"it'\\''s due"}' 'http://h/a'`,
    );
  });
});
