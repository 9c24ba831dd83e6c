import { visible } from '../../text/visible.ts';
import { SIGNS } from '../theme.ts';
import type { FormInput } from '../view.ts';
import { edited, emptyLine, lineOf, textOf, typed } from './line-editor.ts';
import { lineSpans } from './line-spans.ts';
import { plain, styled, wrapped, type Span } from './spans.ts';

/** An input for a new entry, or for a change of the entry `of`, which starts with `text`. */
export const openInput = (of: string | null = null, text = ''): FormInput => ({
  line: text === '' ? emptyLine : lineOf(text),
  of,
  problem: null,
});

/** The input after a key or a paste; what was wrong before may be right now. */
export const inputTyped = (input: FormInput, key: string): FormInput => ({
  ...input,
  line: edited(input.line, key),
  problem: null,
});
export const inputPasted = (input: FormInput, text: string): FormInput => ({
  ...input,
  line: typed(input.line, text),
  problem: null,
});

/** The words typed so far. */
export const inputWords = (input: FormInput): readonly string[] =>
  textOf(input.line)
    .split(/\s+/)
    .filter((word) => word !== '');

/** The line with its prompt, and below it the grammar or what is wrong, with its rule, on as many rows as that takes. */
export function inputRows(
  input: FormInput,
  prompt: string,
  grammar: string,
  width: number,
): readonly (readonly Span[])[] {
  const style = input.problem === null ? 'label' : 'critical';
  const told = input.problem === null ? grammar : `${SIGNS.critical} ${visible(input.problem)}`;
  return [
    [styled('progress', ` ${prompt} `), ...lineSpans(input.line)],
    ...wrapped(told, Math.max(width - 2, 1)).map((text) => [plain(' '), styled(style, text)]),
  ];
}
