import fc from 'fast-check';
import { SseParser, type SseMessage } from './sse-parser.js';

const parse = (...pieces: string[]): SseMessage[] => {
  const parser = new SseParser();
  return pieces.flatMap((piece) => [...parser.push(piece)]);
};

describe('SSE parser', () => {
  it('reads event, data and id', () => {
    expect(parse('id: 7\nevent: job\ndata: {"a":1}\n\n')).toEqual([{ event: 'job', data: '{"a":1}', id: '7' }]);
  });

  it('joins data lines, keeps the id of earlier messages, skips comments and empty messages', () => {
    expect(parse('id: 1\ndata: a\ndata:b\n\n: beat\n\nevent: x\n\ndata: c\n\n')).toEqual([
      { event: 'message', data: 'a\nb', id: '1' },
      { event: 'message', data: 'c', id: '1' },
    ]);
  });

  it.each(['\n', '\r', '\r\n'])('takes line end %j', (eol) => {
    expect(parse(['event: lag', 'data: 1', '', 'data: 2', '', ''].join(eol) + '\n')).toEqual([
      { event: 'lag', data: '1', id: null },
      { event: 'message', data: '2', id: null },
    ]);
  });

  it('keeps an unfinished message back', () => {
    expect(parse('data: half')).toEqual([]);
  });

  it('takes an id that comes without a message, and keeps that of an earlier stream until then', () => {
    const parser = new SseParser('6');
    expect(parser.lastEventId).toBe('6');
    expect(parser.push('id: 7\n\n')).toEqual([]);
    expect(parser.lastEventId).toBe('7');
  });

  it('knows the reconnect delay', () => {
    const parser = new SseParser();
    parser.push('retry: soon\nretry: 1500\n');
    expect(parser.retryMs).toBe(1500);
  });

  it('gives the same messages however the text is cut', () => {
    const text = '\ufeffid: 1\r\nevent: change\r\ndata: {"id":"ä"}\r\n\r\n: beat\r\rdata: x\ndata: y\n\n';
    const whole = parse(text);
    expect(whole).toHaveLength(2);
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = sorted.slice(1).map((end, i) => text.slice(sorted[i], end));
        expect(parse(...pieces)).toEqual(whole);
      }),
    );
  });
});
