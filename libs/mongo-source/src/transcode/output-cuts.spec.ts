import { OutputBuffer } from './output-buffer.js';
import { OutputCuts } from './output-cuts.js';

/** JSON whose members at the places of the `|` in front of them are cut, in the order of their numbers. */
function cut(marked: string, from = 0): { json: string; cuts: OutputCuts; out: OutputBuffer } {
  const places: number[] = [];
  let json = '';
  for (const part of marked.split(/(\d\|)/u)) {
    if (/^\d\|$/u.test(part)) places[Number(part[0])] = json.length;
    else json += part;
  }
  const out = new OutputBuffer();
  out.ensure(json.length);
  out.position = out.bytes.write(json);
  const cuts = new OutputCuts();
  for (const place of places) cuts.addMember(out, place);
  cuts.apply(out, from);
  return { json: out.bytes.toString('utf8', 0, out.position), cuts, out };
}

describe('OutputCuts', () => {
  it.each([
    ['the first of two', '0|{"a":1,"b":2}', '{"b":2}'],
    ['the last of two', '{"a":1' + '0|,"b":2}', '{"a":1}'],
    ['one between others', '{"a":1' + '0|,"b":2,"c":3}', '{"a":1,"c":3}'],
    ['all but the last', '0|{"a":1' + '1|,"b":2' + '2|,"c":3,"d":4}', '{"d":4}'],
    ['in another order than they stand in', '1|{"a":1,"x":0' + '0|,"b":2,"c":3}', '{"x":0,"c":3}'],
    ['neighbours behind a kept one', '{"k":0' + '0|,"a":1' + '1|,"b":2}', '{"k":0}'],
    ['the only one of an object', '{"o":0|{"a":1},"b":2}', '{"o":{},"b":2}'],
    ['one inside of another', '{"x":9' + '1|,"o":0|{"a":1,"b":2},"c":3}', '{"x":9,"c":3}'],
    ['the first of an inner and of the outer object', '1|{"y":1,"o":0|{"a":1,"b":2}}', '{"o":{"b":2}}'],
    ['nothing', '{"a":1}', '{"a":1}'],
  ])('take out %s', (_, marked, json) => {
    expect(cut(marked).json).toBe(json);
  });

  it('leave what stands in front of a position for later', () => {
    const { json, cuts, out } = cut('{"z":0' + '0|,"a":1,"o":{"n":0' + '1|,"b":2}}', 13);
    expect(json).toBe('{"z":0,"a":1,"o":{"n":0}}');
    cuts.apply(out, 0);
    expect(out.bytes.toString('utf8', 0, out.position)).toBe('{"z":0,"o":{"n":0}}');
    cuts.apply(out, 0);
    expect(out.bytes.toString('utf8', 0, out.position)).toBe('{"z":0,"o":{"n":0}}');
  });

  it('take out a member that begins at the position itself', () => {
    const { json, cuts, out } = cut('{"z":0' + '0|,"a":1}', 6);
    expect(json).toBe('{"z":0}');
    cuts.apply(out, 0);
    expect(out.bytes.toString('utf8', 0, out.position)).toBe('{"z":0}');
  });

  it('take out nothing where all of it stands in front', () => {
    expect(cut('{"z":0' + '0|,"a":1}', 7).json).toBe('{"z":0,"a":1}');
  });

  it('are forgotten when they are cleared', () => {
    const out = new OutputBuffer();
    out.ensure(20);
    out.position = out.bytes.write('{"a":1,"b":2}');
    const cuts = new OutputCuts();
    cuts.addMember(out, 0);
    cuts.clear();
    cuts.apply(out, 0);
    expect(out.bytes.toString('utf8', 0, out.position)).toBe('{"a":1,"b":2}');
  });
});
