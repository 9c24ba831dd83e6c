import type { Key } from 'ink';
import { graphemesOf } from '../../text/graphemes.ts';

const NAMED = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const satisfies readonly (readonly [keyof Key, string])[];

const CHARACTERS: Readonly<Record<string, string>> = { ' ': 'space', '\r': 'enter', '\n': 'enter', '\t': 'tab' };

/** The name of one character as it came: control characters are keys held with Ctrl; the rest of them are no key. */
function nameOf(character: string): readonly string[] {
  const name = CHARACTERS[character];
  if (name !== undefined) return [name];
  const code = character.charCodeAt(0);
  if (code >= 1 && code <= 26) return [`ctrl-${String.fromCharCode(code + 96)}`];
  return /^\p{Cc}/u.test(character) ? [] : [character];
}

const namesOf = (input: string): readonly string[] => [...graphemesOf(input)].flatMap(({ segment }) => nameOf(segment));

/**
 * The keys in one chunk of input, in order: over a slow line several presses arrive together. A key is a name such as
 * `down`, `enter`, `ctrl-f`, or the character itself. Bytes that are no key (mouse reports, unknown sequences) are none.
 */
export function keyNames(input: string, key: Key): readonly string[] {
  // Esc and another key that came together look like a key held with Alt, which nothing here is bound to.
  if (key.meta && key.escape) return ['escape', 'escape'];
  const named = NAMED.find(([flag]) => key[flag]);
  if (named !== undefined) return [named[1]];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  return key.meta ? ['escape', ...namesOf(input)] : namesOf(input);
}
