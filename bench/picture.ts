/** What a screen of the console says, row by row as text. */
export type Screen = readonly string[];

export type Selected = { readonly name: string; readonly y: number };

/** Rows of the head that are worked out from all that is requested. */
const WORKED_OUT = /^ (FREE FOR WORKLOADS|LARGEST HOLE|IF \S.* IS LOST) {2}/;
/** What stands there of it that is unknown, or that is still being worked out. */
const UNKNOWN = /[?~]/;

/** Nodes and pods are live, and nothing of the head is unknown or being worked out any more, where it is drawn. */
export const isAllKnown = (screen: Screen): boolean =>
  ['nodes', 'pods'].every((one) => screen.some((row) => row.startsWith(' source ') && row.includes(`${one} live`))) &&
  !screen.some((row) => WORKED_OUT.test(row) && UNKNOWN.test(row));

/** A node, not the head of a group: cursor and mark, then its name. */
const NODE_ROW = /^[> ][* ](\S+)/;

/** Where the list begins, below the column titles; -1 while there is none. */
const titlesIn = (screen: Screen): number => screen.findIndex((row) => /^ {2}NODE\b/.test(row));

/** Name of the node in the first row of the list; empty while there is none. */
export function nameInFirstRow(screen: Screen): string {
  const titles = titlesIn(screen);
  if (titles === -1) return '';
  return screen.slice(titles + 1).flatMap((row) => NODE_ROW.exec(row)?.[1] ?? [])[0] ?? '';
}

/** The node that is selected, and in which row of the screen; null while there is none. */
export function selectedIn(screen: Screen): Selected | null {
  const titles = titlesIn(screen);
  const y = screen.findIndex((row, index) => index > titles && row.startsWith('>'));
  const name = NODE_ROW.exec(screen[y] ?? '')?.[1];
  return titles === -1 || name === undefined ? null : { name, y };
}

const has = (screen: Screen, row: RegExp): boolean => screen.some((text) => row.test(text));

/** What is typed behind "filter:" in the row above the titles; null where nobody filters. */
const filterIn = (row: string): string | null => {
  const found = / {3}filter:(?: (\S*))?/.exec(row);
  return found === null ? null : (found[1] ?? '');
};

/** The list of nodes, sorted by a column, with so much of a filter typed; null where nobody filters. */
export const isList = (screen: Screen, { sort, filter }: { sort: string; filter: string | null }): boolean => {
  const head = screen[titlesIn(screen) - 1] ?? '';
  return new RegExp(`  sorted by ${sort}\\b`).test(head) && filterIn(head) === filter;
};

/** The list of columns to sort by, the cursor on one of them. */
export const isSorts = (screen: Screen, column: string): boolean =>
  has(screen, /^ Sort the nodes by/) && has(screen, new RegExp(`^ > [↑↓ ] ${column}\\b`));

export const isNodePage = (screen: Screen): boolean => has(screen, /^ \[overview\]/);

export const isEtcdPage = (screen: Screen): boolean => has(screen, /^ {2}MEMBER +NODE +ROLE\b/);

export const isControlPlanePage = (screen: Screen): boolean => has(screen, /^ Control plane\b/);

export const isHeadroomPage = (screen: Screen): boolean => has(screen, /^ Headroom\b/);
