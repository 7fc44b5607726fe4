const CODE_SPAN = /^- (?<ticks>`+) ?(?<label>.+?) ?\k<ticks>$/u;

/**
 * The mutants that a page explains: below a heading with the name of a file, a list of labels under each reason.
 * @param page Markdown
 * @returns labels by file name
 * @throws Error when a label stands there twice
 */
export function explainedMutants(page: string): Map<string, Set<string>> {
  const byFile = new Map<string, Set<string>>();
  let labels = new Set<string>();
  for (const line of page.split('\n')) {
    const file = /^## `(.+)`$/u.exec(line)?.[1];
    if (file !== undefined) byFile.set(file, (labels = byFile.get(file) ?? new Set()));
    const label = CODE_SPAN.exec(line)?.groups?.label;
    if (label === undefined) continue;
    if (labels.has(label)) throw new Error(`explained twice: ${label}`);
    labels.add(label);
  }
  return byFile;
}
