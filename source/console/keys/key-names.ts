import type { Key } from 'ink';

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

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** What a terminal sends for a key that has no text: control characters other than those named above. */
const isControl = (character: string): boolean => /^\p{Cc}/u.test(character);

/**
 * The keys in one chunk of input, in order: over a slow line several presses arrive together. A key is a name such as
 * `down`, `enter`, `ctrl-f`, or the character itself. Bytes that are no key (mouse reports, unknown sequences) are none.
 */
export function keyNames(input: string, key: Key): readonly string[] {
  const named = NAMED.find(([flag]) => key[flag]);
  if (named !== undefined) return [named[1]];
  if (key.tab) return [key.shift ? 'shift-tab' : 'tab'];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  if (key.meta) return [];
  return [...segmenter.segment(input)]
    .map(({ segment }) => CHARACTERS[segment] ?? segment)
    .filter((name) => !isControl(name));
}
