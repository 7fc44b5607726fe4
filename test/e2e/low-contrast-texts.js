/**
 * Runs in the page: the visible texts whose contrast with their background is below 4.5 : 1 (WCAG 2.2 AA),
 * each with its ratio.
 * @returns {string[]}
 */
globalThis.lowContrastTexts = () => {
  const rgba = (text) => (/rgba?\(([^)]+)\)/.exec(text)?.[1] ?? '0 0 0 0').split(/[ ,/]+/).map(Number);
  const channel = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const backgroundOf = (element) => {
    if (element === null) return [255, 255, 255];
    const color = rgba(getComputedStyle(element).backgroundColor);
    return (color[3] ?? 1) >= 1 ? color : backgroundOf(element.parentElement);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode() !== null) {
    const text = walker.currentNode.data.trim();
    const element = walker.currentNode.parentElement;
    if (text === '' || !element.checkVisibility()) continue;
    if (element.closest('.visually-hidden, :disabled, noscript') !== null) continue;
    const pair = [rgba(getComputedStyle(element).color), backgroundOf(element)].map(luminance);
    const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (ratio < 4.5) found.push(`${text.slice(0, 40)} ${ratio.toFixed(2)}`);
  }
  return found;
};
