import { splitBulkBody } from './bulk-body.js';

describe('splitBulkBody', () => {
  it('keeps every operation with its own bytes', () => {
    const lines = [
      '{"index":{"_id":"1","version":9223372036854775807}}',
      '{"n":1}',
      '{"delete":{"_index":"a","_id":"2"}}',
      '{"create":{"_id":"ü"}}',
      '{"text":"two\\nlines"}',
    ];
    const body = Buffer.from(`${lines.join('\n')}\n`);
    const items = splitBulkBody(body);
    expect(items.map(({ operation, index, id }) => ({ operation, index, id }))).toEqual([
      { operation: 'index', index: undefined, id: '1' },
      { operation: 'delete', index: 'a', id: '2' },
      { operation: 'create', index: undefined, id: 'ü' },
    ]);
    expect(Buffer.concat(items.map((item) => item.raw))).toEqual(body);
    expect(items[0]!.raw.toString()).toContain('9223372036854775807');
  });

  it('knows an empty body', () => {
    expect(splitBulkBody(Buffer.from('\n'))).toEqual([]);
  });
});
