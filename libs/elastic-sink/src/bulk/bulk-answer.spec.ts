import { readBulkAnswer } from './bulk-answer.js';

const read = (text: string, count = 1): unknown => readBulkAnswer(Buffer.from(text), count);

describe('readBulkAnswer', () => {
  it('does not look into a good answer', () => {
    expect(read('{"errors":false,"items":[not even JSON]}', 9)).toEqual({ kind: 'allTaken' });
  });

  it('reads status and error of each item', () => {
    const answer = read(
      '{"errors":true,"items":[{"index":{"status":201}},{"delete":{"status":404}},{"index":{"status":400,"error":{"type":"t","reason":"r"}}}]}',
      3,
    );
    expect(answer).toEqual({
      kind: 'mixed',
      items: [
        { status: 201, error: null },
        { status: 404, error: null },
        { status: 400, error: { type: 't', reason: 'r' } },
      ],
    });
  });

  it.each([
    ['', 'nothing'],
    ['{"errors":false,"items":[{"index":{"sta', 'a good answer that is cut off'],
    ['{"errors":true,"items":[{"index":{"status":20', 'a bad one that is cut off'],
    ['{"errors":true,"items":[{"index":{"status":200}}]', 'one bracket short'],
    ['<html>{}', 'a page'],
    ['{"errors":true,"items":[]}', 'too few items'],
    ['{"errors":true}', 'no items'],
    ['{"errors":true,"items":[{"index":{}}]}', 'an item without a status'],
    ['{"errors":true,"items":[null]}', 'an item that is none'],
  ])('refuses %j: %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ kind: 'unreadable' }));
  });
});
