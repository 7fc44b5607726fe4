/** The regular expression without each of its anchors, and with each of its repetitions one off. */
export function patternMutants(literal: string): string[] {
  const close = literal.lastIndexOf('/');
  const [body, flags] = [literal.slice(1, close), literal.slice(close)];
  const others = new Set<string>();
  if (body.startsWith('^')) others.add(body.slice(1));
  if (body.endsWith('$')) others.add(body.slice(0, -1));
  for (const { 0: sign, index } of body.matchAll(/(?<!\\)[+*](?!\?)/gu)) {
    others.add(body.slice(0, index) + (sign === '+' ? '*' : '+') + body.slice(index + 1));
  }
  for (const { 0: sign, 1: count, index } of body.matchAll(/\{(\d+)\}/gu)) {
    for (const other of [Number(count) + 1, Number(count) - 1]) {
      others.add(`${body.slice(0, index)}{${other}}${body.slice(index + sign.length)}`);
    }
  }
  return [...others].map((other) => `/${other}${flags}`);
}
