import { SINGLE_CELLS } from '../source/text/width.ts';

/** What Ink has to draw of a frame, in order (ink/build/output.js). */
type Operation =
  | {
      readonly type: 'write';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly transformers: readonly ((line: string, index: number) => string)[];
    }
  | { readonly type: 'clip'; readonly clip: Clip }
  | { readonly type: 'unclip' };
type Clip = { readonly x1?: number; readonly x2?: number; readonly y1?: number; readonly y2?: number };

/** SGR, and characters that take one cell each and join with no other; nothing that Ink would change. */
const SIMPLE = new RegExp(String.raw`^(?:[${SINGLE_CELLS}]|\u001b\[\d[\d;]*m)*$`);
const SGR = /\u001b\[[\d;]*m/g;
const RESET = '\u001b[0m';
/** Rows that are remembered: those of some frames. */
const MOST_KNOWN = 1_000;

type Known = { readonly row: string; readonly width: number };
let known = new Map<string, Known | null>();

/** A text as a row of its own that leaves no style behind; null when Ink has to look at it. */
function simpleRow(text: string): Known | null {
  const found = known.get(text);
  if (found !== undefined) return found;
  const bare = SIMPLE.test(text) ? text.replaceAll(SGR, '') : null;
  const row = bare === text ? text : text + RESET;
  const made = bare === null ? null : { row, width: bare.length };
  if (known.size >= MOST_KNOWN) known = new Map();
  known.set(text, made);
  return made;
}

/** Whether a text is SGR and characters of one cell that join with no other. */
export const isSimple = (text: string): boolean => simpleRow(text) !== null;

const isWithin = (y: number, width: number, { x1, x2, y1, y2 }: Clip): boolean =>
  (x1 === undefined || x1 <= 0) &&
  (x2 === undefined || x2 >= width) &&
  (y1 === undefined || y1 <= y) &&
  (y2 === undefined || y2 > y);

/**
 * The rows of a frame, by their number, that hold one write alone, from the first column on and within width and clips:
 * they look as what is written, so Ink need not put each of their cells into a grid and read it out again.
 */
export function wholeRows(
  operations: readonly Operation[],
  { width, height }: { readonly width: number; readonly height: number },
): readonly (string | undefined)[] {
  const rows: (string | undefined)[] = [];
  const isTaken: true[] = [];
  const clips: Clip[] = [];
  const take = (y: number, row: string | undefined) => {
    rows[y] = isTaken[y] === true ? undefined : row;
    isTaken[y] = true;
  };
  for (const operation of operations) {
    if (operation.type === 'clip') clips.push(operation.clip);
    else if (operation.type === 'unclip') clips.pop();
    else {
      const { x, y, text, transformers } = operation;
      const lines = text.split('\n').length;
      if (lines > 1) {
        for (let line = Math.max(y, 0); line < Math.min(y + lines, height); line += 1) take(line, undefined);
        continue;
      }
      if (y < 0 || y >= height) continue;
      const line = transformers.reduce((before, transform) => transform(before, 0), text);
      const simple = x === 0 ? simpleRow(line) : null;
      const isWhole =
        simple !== null && simple.width <= width && clips.every((clip) => isWithin(y, simple.width, clip));
      take(y, isWhole ? simple.row : undefined);
    }
  }
  return rows;
}
