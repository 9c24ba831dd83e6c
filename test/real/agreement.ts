// docs/agreement.md: which figures of the console a foreign judge has compared, and how often they differed.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One figure compared with one judge. */
export type AgreementRow = {
  /** What the console says: "CPU requested on a node". */
  readonly figure: string;
  /** Who else says it: "kubectl describe node 1.20". */
  readonly judge: string;
  /** How many times the two were compared. */
  readonly cases: number;
  /** How many times they did not say the same. */
  readonly differences: number;
  /** Why they differ, or what the cases were; empty when there is nothing to say. */
  readonly note: string;
};

const DOCUMENT = fileURLToPath(new URL('../../docs/agreement.md', import.meta.url));
const MARKERS = /(?<=<!-- agreement -->\n)[^]*(?=<!-- \/agreement -->)/;
const HEAD = ['| area | figure | judge | cases | differences | note |', '| --- | --- | --- | --: | --: | --- |'];

type AreaRow = AgreementRow & { readonly area: string };

const cellsOf = (row: AreaRow): string[] =>
  [row.area, row.figure, row.judge, String(row.cases), String(row.differences), row.note].map((cell) =>
    cell.replaceAll('|', '\\|').replaceAll('\n', ' ').trim(),
  );
const lineOf = (row: AreaRow): string => `| ${cellsOf(row).join(' | ')} |`;

/**
 * The rows of the table in a document.
 * @throws when the document has no table between the markers
 */
export function readAgreement(document: string): AreaRow[] {
  const table = MARKERS.exec(document)?.[0];
  if (table === undefined) throw new Error('docs/agreement.md has no <!-- agreement --> … <!-- /agreement -->.');
  const lines = table.split('\n').filter((line) => line.startsWith('| ') && !HEAD.includes(line));
  return lines.map((line) => {
    const cells = line.slice(2, -2).split(/ \| /);
    const [area = '', figure = '', judge = '', cases, differences, note = ''] = cells.map((cell) =>
      cell.replaceAll('\\|', '|').trim(),
    );
    return { area, figure, judge, cases: Number(cases), differences: Number(differences), note };
  });
}

/** The document with the rows of one area put in place of the old ones; areas and figures in alphabetical order. */
export function writeAgreement(document: string, area: string, rows: readonly AgreementRow[]): string {
  const others = readAgreement(document).filter((row) => row.area !== area);
  const all = [...others, ...rows.map((row) => ({ area, ...row }))];
  const lines = all.map(lineOf).sort((a, b) => a.localeCompare(b, 'en'));
  return document.replace(MARKERS, () => `${[...HEAD, ...lines].join('\n')}\n`);
}

/** What the document promises of an area, in the form in which it is compared: cases may be more or fewer each time. */
const promises = (rows: readonly AgreementRow[]): string[] =>
  rows.map((row) => `${row.figure} by ${row.judge}: ${row.differences} differences`).sort();

/**
 * To be called once by the suite of an area with all that it compared. With UPDATE_AGREEMENT=1 it writes the rows into
 * docs/agreement.md; else it checks that the document has the same figures, judges and differences.
 * @throws when the document says otherwise
 */
export function recordAgreement(area: string, rows: readonly AgreementRow[]): void {
  const document = readFileSync(DOCUMENT, 'utf8');
  if (process.env['UPDATE_AGREEMENT'] === '1') {
    writeFileSync(DOCUMENT, writeAgreement(document, area, rows));
    return;
  }
  const written = promises(readAgreement(document).filter((row) => row.area === area));
  const measured = promises(rows);
  if (written.join('\n') !== measured.join('\n'))
    throw new Error(
      `docs/agreement.md is not true for ${area}: run the real tier with UPDATE_AGREEMENT=1.\n` +
        `It says:\n  ${written.join('\n  ')}\nMeasured:\n  ${measured.join('\n  ')}`,
    );
}
