import { createPen, eraseLength, forwardLength, type Pen } from './pen.ts';
import { blankRow, isBlank, isDoubtful, type Row } from './row.ts';
import { moved, movesBetween } from './moved-rows.ts';

/** Wraps at the last column off and on (DECAWM): what is wider than thought then stays in its row. */
const NO_WRAP = '\u001b[?7l';
const WRAP = '\u001b[?7h';
/** Style reset, the whole screen for scrolling (DECSTBM), cursor home, everything erased. */
const WIPE = '\u001b[m\u001b[r\u001b[H\u001b[J';

/**
 * What makes a terminal that shows some rows show others of the same size, and leaves its style reset and its cursor
 * anywhere. Empty when nothing differs. Only sequences that every terminal of today knows and none repeats or scrolls
 * the whole screen with: CUP, CHA, CUF, SGR, EL, ECH, and DL or IL between margins where rows have moved.
 */
export function painted(shown: readonly Row[], wanted: readonly Row[]): string {
  const inPlace = difference(shown, wanted, '');
  return movesBetween(shown, wanted).reduce((best, move) => {
    const most = Buffer.byteLength(best);
    const byMoving = difference(moved(shown, move), wanted, move.sequence, most);
    return Buffer.byteLength(byMoving) < most ? byMoving : best;
  }, inPlace);
}

/** What makes any terminal show these rows, whatever it shows now. */
export function paintedWhole(wanted: readonly Row[]): string {
  const blank = blankRow(columnsOf(wanted));
  return (
    WIPE +
    difference(
      wanted.map(() => blank),
      wanted,
      '',
    )
  );
}

const columnsOf = (rows: readonly Row[]): number => rows[0]?.glyphs.length ?? 1;

/** Given up, and as long as that at least, where it takes `most` characters. */
function difference(shown: readonly Row[], wanted: readonly Row[], before: string, most = Infinity): string {
  const pen = createPen(columnsOf(wanted));
  if (before !== '') pen.send(before);
  for (const [line, row] of wanted.entries()) {
    if (pen.length() >= most) break;
    const old = shown[line];
    if (old !== undefined && old !== row) paintRow(pen, line, old, row);
  }
  return pen.end();
}

function paintRow(pen: Pen, line: number, shown: Row, wanted: Row): void {
  const columns = wanted.glyphs.length;
  const isSame = (column: number) =>
    shown.glyphs[column] === wanted.glyphs[column] && shown.styles[column] === wanted.styles[column];
  let first = 0;
  while (first < columns && isSame(first)) first += 1;
  if (first === columns) return;

  const doubtful = Math.min(shown.doubtfulFrom, wanted.doubtfulFrom);
  if (doubtful < columns) {
    repaintRow(pen, line, wanted, startOf(wanted, startOf(shown, Math.min(first, doubtful))));
    return;
  }

  if (gainOfErasing(wanted, first, isSame) <= 0) {
    paintCells(pen, line, wanted, first, isSame);
    return;
  }
  pen.moveTo(first, line, wanted);
  pen.erase(Infinity);
  paintCells(pen, line, wanted, first, (column) => isBlank(wanted, column));
}

/** Writes what is not the same from a column on. */
function paintCells(pen: Pen, line: number, wanted: Row, first: number, isSame: (column: number) => boolean): void {
  let last = wanted.glyphs.length - 1;
  while (last >= first && isSame(last)) last -= 1;
  for (let column = first; column <= last; column += 1) {
    if (isSame(column)) continue;
    if (isBlank(wanted, column)) {
      column = paintBlanks(pen, line, wanted, { column, last }, isSame) - 1;
      continue;
    }
    const start = startOf(wanted, column);
    pen.moveTo(start, line, wanted);
    const width = widthAt(wanted, start);
    pen.write(wanted, start, width);
    column = start + width - 1;
  }
}

/**
 * Bytes that are saved when a row is erased from a column on before it is written: blanks are then there already, so that
 * a movement passes over them; what stood there as it should has to be written again. At most zero where that does not pay.
 */
function gainOfErasing(wanted: Row, first: number, isSame: (column: number) => boolean): number {
  const columns = wanted.glyphs.length;
  let end = columns;
  while (end > first && isBlank(wanted, end - 1)) end -= 1;
  let last = columns - 1;
  while (last >= end && isSame(last)) last -= 1;
  // Blanks at the end are erased in either way, if there was something else.
  let gain = last >= end ? 0 : -eraseLength(Infinity);
  for (let column = first; column < end; column += 1) {
    let run = column;
    let isChanged = false;
    while (run < end && isBlank(wanted, run)) {
      isChanged ||= !isSame(run);
      run += 1;
    }
    if (isChanged) gain += Math.max(run - column - forwardLength(run - column), 0);
    else if (run === column && isSame(column)) gain -= 1;
    column = Math.max(run - 1, column);
  }
  return gain;
}

/** Blanks from a column on: erased, where that is shorter than writing them. Returns the column after them. */
function paintBlanks(
  pen: Pen,
  line: number,
  wanted: Row,
  { column, last }: { readonly column: number; readonly last: number },
  isSame: (column: number) => boolean,
): number {
  const columns = wanted.glyphs.length;
  let end = column;
  let changed = column;
  while (end < columns && isBlank(wanted, end)) {
    if (!isSame(end)) changed = end;
    end += 1;
  }
  const count = changed + 1 - column;
  const erases = end === columns ? Infinity : count;
  // After erasing, the cursor has to go on to what changes next, unless that is on another row.
  const further = changed >= last ? 0 : forwardLength(count);
  pen.moveTo(column, line, wanted);
  if (eraseLength(erases) + further < count) pen.erase(erases);
  else for (let at = column; at <= changed; at += 1) pen.write(wanted, at, 1);
  return changed + 1;
}

/**
 * Writes a row from a column to its end anew, each grapheme of doubtful width followed by an absolute movement: whatever
 * width a terminal gives it, all others stand where they belong and nothing leaves the row.
 */
function repaintRow(pen: Pen, line: number, row: Row, start: number): void {
  const columns = row.glyphs.length;
  let end = columns;
  while (end > start && isBlank(row, end - 1)) end -= 1;
  pen.moveTo(start, line, row);
  pen.erase(Infinity);
  const hasDoubts = row.doubtfulFrom < columns;
  if (hasDoubts) {
    pen.send(NO_WRAP);
    pen.moveTo(start, line, row);
  }
  for (let column = start; column < end; column += widthAt(row, column)) {
    pen.moveTo(column, line, row);
    pen.write(row, column, widthAt(row, column));
    if (isDoubtful(row.glyphs[column] ?? '')) pen.forgetCursor();
  }
  if (hasDoubts) pen.send(WRAP);
}

/** First cell of what stands at a column. */
function startOf(row: Row, column: number): number {
  let start = column;
  while (start > 0 && row.glyphs[start] === '') start -= 1;
  return start;
}

function widthAt(row: Row, column: number): number {
  let width = 1;
  while (row.glyphs[column + width] === '') width += 1;
  return width;
}
