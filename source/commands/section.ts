import { plainTable, type Column } from '../text/table.ts';
import { visible } from '../text/visible.ts';

export const titles = (...names: readonly string[]): Column[] => names.map((title) => ({ title }));

/** A table under its title, a step to the right; one without rows says so. */
export function section(title: string, columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const shown = visible(title);
  if (rows.length === 0) return `${shown}: none\n`;
  const table = plainTable(columns, rows).trimEnd().split('\n');
  return [`${shown}:`, ...table.map((line) => `  ${line}`), ''].join('\n');
}

/** What stands in the place of a section that cannot be told. */
export const unknownSection = (title: string, why: string | null): string =>
  `${visible(`${title}: not known${why === null ? '' : `: ${why}`}`)}\n`;

/** Sentences, each in a line of its own. */
export const sentences = (...all: readonly string[]): string => all.map((each) => `${visible(each)}\n`).join('');
