import { HIDDEN_CLASS } from '../text/visible.ts';

/** What a terminal obeys or hides, but for the line break, which JSON and YAML are written with. */
const OBEYED = new RegExp(`(?!\\n)${HIDDEN_CLASS}`, 'gu');

export const isObeyed = (text: string): boolean => text.search(OBEYED) >= 0;

const unitEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * JSON or YAML with such characters as `\uNNNN`, a UTF-16 unit each, which means the same to a program. Both formats
 * take that in a quoted string alone.
 */
export const escapeObeyed = (text: string): string =>
  text.replace(OBEYED, (character) => character.split('').map(unitEscape).join(''));
