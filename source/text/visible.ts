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

/** UTF-16 units of a text that are drawn or printed at most: four times what Kubernetes lets the message of an Event have. */
export const MOST_VISIBLE = 4_096;
const ELLIPSIS = '…';

/** The beginning of a text, without half of a surrogate pair at its end. */
const beginning = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '');

function escaped(text: string): string {
  let shown = '';
  let from = 0;
  for (const { 0: run, index } of text.matchAll(HIDDEN)) {
    shown += text.slice(from, index) + Array.from(run, escape).join('');
    from = index + run.length;
    // What follows is cut away: a text that is hidden throughout becomes six times as long.
    if (shown.length > MOST_VISIBLE) return shown;
  }
  return shown + text.slice(from);
}

/**
 * Text from a cluster as it may be drawn or printed: what a terminal would obey or hide becomes a readable escape such
 * as `\x1b`, `\u202e` or `\u{e0041}`; everything else, backslashes too, stays as it is. What is longer than anybody reads
 * is cut with an ellipsis, before any work is done on it. Doing it twice changes nothing more. Not reversible, and not
 * meant to be.
 */
export function visible(text: string): string {
  const begin = text.length > MOST_VISIBLE ? beginning(text, MOST_VISIBLE) : text;
  const shown = PLAIN.test(begin) ? begin : escaped(begin);
  return begin === text && shown.length <= MOST_VISIBLE ? shown : beginning(shown, MOST_VISIBLE - 1) + ELLIPSIS;
}
