const MEGABYTE = 1_000_000;

const filled = (unit: string): string => unit.repeat(Math.ceil(MEGABYTE / unit.length)).slice(0, MEGABYTE);

/** Texts of a million UTF-16 units by what they are made of: each is the worst for some way to read it to its end. */
export const LONG_TEXTS: Readonly<Record<string, string>> = {
  'one word': filled('x'),
  'short words': filled('a '),
  'wide characters': filled('漢'),
  'wide words': filled('漢 '),
  emoji: filled('😀'),
  'combined characters': filled('e\u0301'),
  'hidden characters': filled('\u200b'),
  'sequences that a terminal obeys': filled('\u001b[31m'),
  'one grapheme': `e${filled('\u0301')}`.slice(0, MEGABYTE),
};
