/**
 * One bar for two facts: filled as far as is requested, with a mark where what is used ends. Shares of 1; what is more
 * than the whole stands at its end, and a use that is not known has no mark.
 */
export function bar(width: number, filled: number, mark: number | null): string {
  const cells = Math.max(width - 2, 1);
  const full = Math.max(0, Math.min(Math.round(filled * cells), cells));
  const drawn = '#'.repeat(full) + '.'.repeat(cells - full);
  if (mark === null) return `[${drawn}]`;
  const at = Math.max(0, Math.min(Math.floor(mark * cells), cells - 1));
  return `[${drawn.slice(0, at)}|${drawn.slice(at + 1)}]`;
}
