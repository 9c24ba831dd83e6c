/**
 * Characters that a terminal might obey, or that would reorder or hide text, and that JSON and YAML may hold as they
 * are. Both formats also take them as `\uXXXX` in a quoted string, which means the same to a program.
 */
const OBEYED = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export const isObeyed = (text: string): boolean => text.search(OBEYED) >= 0;

export const escapeObeyed = (text: string): string =>
  text.replace(OBEYED, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
