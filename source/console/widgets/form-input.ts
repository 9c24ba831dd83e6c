import type { FormInput } from '../view.ts';
import { edited, emptyLine, lineOf, textOf, typed } from './line-editor.ts';
import { lineSpans } from './line-spans.ts';
import { plain, styled, type Span } from './spans.ts';

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

/** Two rows: the line with its prompt, and below it the grammar or what is wrong. */
export function inputRows(input: FormInput, prompt: string, grammar: string): readonly (readonly Span[])[] {
  return [
    [styled('progress', ` ${prompt} `), ...lineSpans(input.line)],
    [plain(' '), input.problem === null ? styled('label', grammar) : styled('critical', `X ${input.problem}`)],
  ];
}
