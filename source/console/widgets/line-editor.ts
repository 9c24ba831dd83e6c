import { graphemesOf } from '../../text/graphemes.ts';

/** A line of text being typed: what stands before and after the cursor. Pure; each edit gives a new one. */
export type Line = { readonly before: string; readonly after: string };

export const emptyLine: Line = { before: '', after: '' };
export const lineOf = (text: string): Line => ({ before: text, after: '' });
export const textOf = (line: Line): string => line.before + line.after;

const graphemes = (text: string): readonly string[] => [...graphemesOf(text)].map(({ segment }) => segment);
const dropLast = (text: string): string => graphemes(text).slice(0, -1).join('');
const lastOf = (text: string): string => graphemes(text).at(-1) ?? '';
const firstOf = (text: string): string => graphemes(text)[0] ?? '';

const EDITS: Readonly<Record<string, (line: Line) => Line>> = {
  backspace: ({ before, after }) => ({ before: dropLast(before), after }),
  delete: ({ before, after }) => ({ before, after: after.slice(firstOf(after).length) }),
  left: ({ before, after }) => ({ before: dropLast(before), after: lastOf(before) + after }),
  right: ({ before, after }) => ({ before: before + firstOf(after), after: after.slice(firstOf(after).length) }),
  home: (line) => ({ before: '', after: textOf(line) }),
  end: (line) => ({ before: textOf(line), after: '' }),
  'ctrl-a': (line) => ({ before: '', after: textOf(line) }),
  'ctrl-e': (line) => ({ before: textOf(line), after: '' }),
  'ctrl-u': ({ after }) => ({ before: '', after }),
  'ctrl-k': ({ before }) => ({ before, after: '' }),
  'ctrl-w': ({ before, after }) => ({ before: before.replace(/\S+\s*$/u, ''), after }),
};

/** Longest text that a line takes; label keys and values are far shorter. */
const LONGEST = 1024;

/** Text typed or pasted; control characters in it are left out, since a line has no use for them. */
export function typed(line: Line, text: string): Line {
  const clean = text.replace(/\p{Cc}/gu, '');
  return textOf(line).length + clean.length > LONGEST ? line : { before: line.before + clean, after: line.after };
}

/** The line after a key; keys that mean nothing to a line leave it as it is. */
export function edited(line: Line, key: string): Line {
  const edit = EDITS[key];
  if (edit !== undefined) return edit(line);
  if (key === 'space') return typed(line, ' ');
  return graphemes(key).length === 1 ? typed(line, key) : line;
}
