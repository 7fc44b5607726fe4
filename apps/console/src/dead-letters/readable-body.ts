/** Longest body that is shown whole, characters. */
const MAX_SHOWN = 20_000;

/**
 * The JSON of a document, a member a line. Numbers stay as they stand: parsing would round large ones, so only
 * white space is put between.
 */
export function readableBody(json: string): string {
  let [out, depth, isText] = ['', 0, false];
  const line = (): string => `\n${'  '.repeat(depth)}`;
  for (let at = 0; at < json.length; at += 1) {
    const character = json.charAt(at);
    if (out.length > MAX_SHOWN) return `${out} …`;
    if (isText) {
      out += character;
      if (character === '\\') out += json.charAt((at += 1));
      else isText = character !== '"';
    } else if ('{['.includes(character)) {
      const isEmpty = '}]'.includes(json.charAt(at + 1));
      if (isEmpty) out += character + json.charAt((at += 1));
      else out += character + ((depth += 1), line());
    } else if ('}]'.includes(character)) {
      depth -= 1;
      out += line() + character;
    } else if (character === ',') out += character + line();
    else if (character === ':') out += ': ';
    else {
      isText = character === '"';
      out += character;
    }
  }
  return out;
}
