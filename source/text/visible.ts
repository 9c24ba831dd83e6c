/** Nothing but printable ASCII, which is nearly all text of a cluster. */
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * What a terminal obeys or hides instead of drawing it: controls, format characters (among them everything that turns
 * the writing direction), what Unicode calls default-ignorable (zero-width characters, variation selectors, tags),
 * line and paragraph separators, lone surrogates. As a class of a regular expression with the flag u.
 */
export const HIDDEN_CLASS = '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]';
/** Combining marks, which are hidden where they have nothing before them to stand on. */
const MARKS = '[\\p{Mn}\\p{Me}\\p{Mc}]';
const HIDDEN = new RegExp(`${HIDDEN_CLASS}${MARKS}*|^${MARKS}+`, 'gu');

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escape(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return NAMED[character] ?? `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

/**
 * Text from a cluster as it may be drawn or printed: what a terminal would obey or hide becomes a readable escape such
 * as `\x1b`, `\u202e` or `\u{e0041}`; everything else, backslashes too, stays as it is. Doing it twice changes nothing
 * more. Not reversible, and not meant to be.
 */
export function visible(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(HIDDEN, (run) => Array.from(run, escape).join(''));
}
