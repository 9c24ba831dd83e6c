import { expect } from 'vitest';
import { graphemesOf } from '../../source/text/graphemes.ts';
import { cellWidth } from '../../source/text/width.ts';
import { brokenGutters } from '../hostile-text.ts';
import type { Ended } from './program.ts';

/** What no output holds: whatever a terminal obeys, hides or turns, all of it but the end of a line; and half characters. */
const FORBIDDEN = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
/** Titles of a table, as it stands or a step to the right. */
const TITLES = /^ {0,2}[A-Z][A-Z-]*(?: {3,}[A-Z][A-Z-]*)+$/;

/** What each cell of a line shows: nothing for the second half of a wide character. */
const cellsOf = (line: string): readonly string[] =>
  Array.from(graphemesOf(line)).flatMap(({ segment }) => [
    segment,
    ...Array.from({ length: Math.max(cellWidth(segment) - 1, 0) }, () => ''),
  ]);

/** The tables of a text whose columns do not stand below their titles. */
export function brokenTables(text: string): readonly string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, index) => {
    if (!TITLES.test(line)) return [];
    const below = lines.slice(index + 1);
    const end = below.indexOf('');
    return brokenGutters([line, ...below.slice(0, end)].map(cellsOf));
  });
}

/** Fails when anything of what a command has said would move, hide or forge something on a terminal. */
export function expectHarmless({ stdout, stderr }: Ended): void {
  for (const said of [stdout, stderr]) {
    expect(said).not.toMatch(FORBIDDEN);
    expect(said === '' || said.endsWith('\n')).toBe(true);
  }
  expect(brokenTables(stdout)).toEqual([]);
}

/** How a command ended and in how many lines, which no text of somebody else has a say in. */
export const shapeOf = ({ code, stdout, stderr }: Ended) => ({
  code,
  stdout: stdout.split('\n').length,
  stderr: stderr.split('\n').length,
});
