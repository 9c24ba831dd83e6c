import * as files from 'node:fs';
import { join } from 'node:path';
import { pairRecords, readRecord } from './journal-records.ts';
import type { JournalRecord, TrailItem } from './journal-records.ts';

/** The trail of what was done from this account. */
export type Journal = {
  /** On disk when it returns. Throws when it cannot be written. */
  append(record: JournalRecord): void;
  /** Newest first. Lines that are no records are passed over. Throws when a file is there and cannot be read. */
  trail(): readonly TrailItem[];
};

const CURRENT = 'journal.jsonl';
const OLDER = /^journal-\d+-\d+\.jsonl$/;
/** The file written to is put aside at this size; so many older ones are kept. */
export const MOST_BYTES = 4 * 2 ** 20;
export const MOST_OLDER = 3;
const NEWLINE = 0x0a;

export const journalFile = (folder: string): string => join(folder, CURRENT);

/**
 * The journal in a folder, which is made (0700) with the first record. The file is 0600 and holds a JSON object a
 * line; each record is one write at the end of the file, so that several consoles can share it.
 */
export function openJournal(folder: string): Journal {
  let seen = { key: '', trail: [] as readonly TrailItem[] };
  return {
    append: (record) => appendRecord(folder, record),
    trail() {
      const paths = journalPaths(folder);
      const key = paths.map((path) => `${path} ${files.statSync(path, { throwIfNoEntry: false })?.size}`).join('\n');
      if (key !== seen.key) seen = { key, trail: pairRecords(paths.flatMap(recordsOf)) };
      return seen.trail;
    },
  };
}

/** A journal that remembers nothing beyond its own life. */
export function journalInMemory(): Journal {
  const records: JournalRecord[] = [];
  return { append: (record) => void records.push(record), trail: () => pairRecords(records) };
}

/** The files of the journal, oldest first. */
function journalPaths(folder: string): readonly string[] {
  if (!files.existsSync(folder)) return [];
  const names = files.readdirSync(folder);
  const older = names.filter((name) => OLDER.test(name)).sort();
  return [...older, ...names.filter((name) => name === CURRENT)].map((name) => join(folder, name));
}

const recordsOf = (path: string): readonly JournalRecord[] =>
  files
    .readFileSync(path, 'utf8')
    .split('\n')
    .map(readRecord)
    .filter((record) => record !== null);

function appendRecord(folder: string, record: JournalRecord): void {
  files.mkdirSync(folder, { recursive: true, mode: 0o700 });
  putAside(folder, record.at);
  const file = files.openSync(journalFile(folder), 'a+', 0o600);
  try {
    files.fchmodSync(file, 0o600);
    const line = Buffer.from(`${endsTorn(file) ? '\n' : ''}${JSON.stringify(record)}\n`);
    const written = files.writeSync(file, line);
    if (written < line.length) throw new Error(`only ${written} of ${line.length} bytes could be written`);
    files.fsyncSync(file);
  } finally {
    files.closeSync(file);
  }
}

const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Whether the last line was cut off in the middle of a write: the next record must not be glued to it. */
function endsTorn(file: number): boolean {
  const { size } = files.fstatSync(file);
  if (size === 0) return false;
  const last = Buffer.alloc(1);
  files.readSync(file, last, 0, 1, size - 1);
  return last[0] !== NEWLINE;
}

/**
 * Puts a full file aside under a name of its own, and forgets the oldest. Of two consoles that do so at once one finds
 * it gone, and goes on with a new file as if it had done it; no record is lost by it.
 */
function putAside(folder: string, at: number): void {
  const path = journalFile(folder);
  const size = files.statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined || size < MOST_BYTES) return;
  try {
    files.renameSync(path, join(folder, `journal-${String(at).padStart(15, '0')}-${process.pid}.jsonl`));
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  const older = journalPaths(folder).filter((older) => older !== path);
  for (const forgotten of older.slice(0, -MOST_OLDER)) files.rmSync(forgotten, { force: true });
}
