/** Edits (insert, delete, replace, swap of neighbours) that turn one word into another. */
function distance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 0; row < one.length; row++) {
    const letter = one[row];
    const line = [row + 1];
    for (let column = 1; column <= other.length; column++) {
      const replace = (last[column - 1] ?? Infinity) + (letter === other[column - 1] ? 0 : 1);
      const shift = 1 + Math.min(last[column] ?? Infinity, line[column - 1] ?? Infinity);
      const swapped = row > 0 && letter === other[column - 2] && one[row - 1] === other[column - 1];
      line.push(Math.min(replace, shift, swapped ? 1 + (beforeLast[column - 2] ?? Infinity) : Infinity));
    }
    beforeLast = last;
    last = line;
  }
  return last[other.length] ?? Infinity;
}

/**
 * The name that was probably meant by `word`: the one with the fewest edits, where at most a third of the word is
 * wrong (one letter at least), or the only one that begins with it. Null when none is near.
 */
export function nearest(word: string, names: readonly string[]): string | null {
  const begins = word.length > 1 ? names.filter((name) => name.startsWith(word)) : [];
  if (begins.length === 1) return begins[0] ?? null;
  const allowed = Math.max(1, Math.floor(word.length / 3));
  let best: { name: string; edits: number } | null = null;
  for (const name of names) {
    const edits = Math.abs(name.length - word.length) > allowed ? Infinity : distance(word, name);
    if (edits <= allowed && (best === null || edits < best.edits)) best = { name, edits };
  }
  return best?.name ?? null;
}

/** `; did you mean "nodes"?`, or null when nothing is near. */
export function didYouMean(word: string, names: readonly string[]): string | null {
  const name = nearest(word, names);
  return name === null ? null : `; did you mean "${name}"?`;
}
