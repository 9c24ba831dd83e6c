import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { endedRecord, NO_END, sendingRecord } from '../../source/operations/journal-records.ts';
import type { JournalRecord } from '../../source/operations/journal-records.ts';
import { journalFile, MOST_BYTES, MOST_OLDER, openJournal } from '../../source/operations/journal.ts';
import type { NodeStep } from '../../source/operations/operation.ts';

let folder = '';
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'journal-')), 'state');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const step = (node: string): NodeStep => ({
  task: 'edit',
  node,
  uid: `uid-of-${node}`,
  changes: [{ field: 'label', key: 'rack', before: null, after: 'a' }],
  patch: [],
  dryRun: { state: 'accepted' },
});

const sending = (id: string, node = 'wrk-1', at = 1_000): JournalRecord =>
  sendingRecord({ id, name: 'label', undoes: null }, step(node), {
    at,
    who: 'ada@bootstrap',
    context: 'prod',
    command: `kubectl label nodes ${node} rack=a`,
  });

const ended = (id: string, node = 'wrk-1', at = 2_000): JournalRecord =>
  endedRecord(id, at, { task: 'edit', node, state: 'done', why: null });

const results = () =>
  openJournal(folder)
    .trail()
    .map(({ item }) => `${item.id} ${item.object} ${item.result}`);

describe('the journal', () => {
  it('keeps what was sent and how it ended, newest first, for the next start', () => {
    const journal = openJournal(folder);
    for (const record of [
      sending('a', 'wrk-1', 1),
      sending('a', 'wrk-2', 2),
      ended('a', 'wrk-2'),
      ended('a'),
      sending('b', 'wrk-1', 3),
    ])
      journal.append(record);
    expect(results()).toEqual(['b wrk-1 unknown', 'a wrk-2 done', 'a wrk-1 done']);
    expect(openJournal(folder).trail()[1]?.item).toEqual({
      id: 'a',
      at: 2,
      who: 'ada@bootstrap',
      context: 'prod',
      operation: 'label',
      task: 'edit',
      object: 'wrk-2',
      uid: 'uid-of-wrk-2',
      changes: [{ field: 'label', key: 'rack', before: null, after: 'a' }],
      command: 'kubectl label nodes wrk-2 rack=a',
      result: 'done',
      why: null,
      undoes: null,
    });
  });

  it('is for its owner alone, also when the file was open to others', () => {
    openJournal(folder).append(sending('a'));
    writeFileSync(journalFile(folder), readFileSync(journalFile(folder)), { mode: 0o644 });
    openJournal(folder).append(ended('a'));
    expect([statSync(folder).mode & 0o777, statSync(journalFile(folder)).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  it('writes nothing before there is something to write', () => {
    expect(openJournal(folder).trail()).toEqual([]);
    expect(existsSync(folder)).toBe(false);
  });

  it('has an operation whose end was never written as unknown', () => {
    openJournal(folder).append(sending('a'));
    expect(openJournal(folder).trail()).toMatchObject([{ ended: false, item: { result: 'unknown', why: NO_END } }]);
  });

  it('survives being cut off at any byte: what was whole is there, and what comes after is not glued to the rest', () => {
    const journal = openJournal(folder);
    journal.append(sending('a'));
    const whole = statSync(journalFile(folder)).size;
    journal.append(sending('b'));
    const bytes = readFileSync(journalFile(folder));
    for (let size = whole; size < bytes.length - 1; size += 7) {
      writeFileSync(journalFile(folder), bytes);
      truncateSync(journalFile(folder), size);
      expect(results()).toEqual(['a wrk-1 unknown']);
      openJournal(folder).append(ended('a'));
      expect(results()).toEqual(['a wrk-1 done']);
    }
  });

  it('passes over lines that are no records', () => {
    openJournal(folder).append(sending('a'));
    appendFileSync(
      journalFile(folder),
      '\n{}\n[]\nnull\n{"record":"sending","id":1}\n{"record":"ended","id":"x","object":"y","at":1,"result":"done"}\n' +
        '{"record":"sending","id":"z","object":"y","at":1e300,"changes":[]}\n',
    );
    openJournal(folder).append(ended('a'));
    expect(results()).toEqual(['a wrk-1 done']);
  });

  it('reads what a console wrote that knew edits of nodes alone, and tells steps on one node apart', () => {
    const journal = openJournal(folder);
    for (const record of [sending('a'), ended('a')]) {
      const { task, ...old } = record;
      expect(task).toBe('edit');
      journal.append(old as JournalRecord);
    }
    const compact = { ...sending('b', 'wrk-1', 1_500), operation: 'disarm', task: 'compact' } as JournalRecord;
    journal.append(compact);
    journal.append({ ...compact, task: 'disarm' });
    journal.append({ ...ended('b'), task: 'compact' });
    expect(journal.trail().map(({ item }) => [item.id, item.task, item.result])).toEqual([
      ['b', 'disarm', 'unknown'],
      ['b', 'compact', 'done'],
      ['a', 'edit', 'done'],
    ]);
  });

  it('is shared by several consoles: each sees what the other wrote', () => {
    const [mine, theirs] = [openJournal(folder), openJournal(folder)];
    mine.append(sending('a', 'wrk-1', 1));
    theirs.append(sending('b', 'wrk-2', 2));
    mine.append(ended('a'));
    expect(theirs.trail().map(({ item }) => item.result)).toEqual(['unknown', 'done']);
    theirs.append(ended('b', 'wrk-2'));
    expect(mine.trail().map(({ item }) => item.result)).toEqual(['done', 'done']);
  });

  it('is bounded: a full file is put aside, a pair across two files still is one, and the oldest are forgotten', () => {
    const journal = openJournal(folder);
    const fill = () => appendFileSync(journalFile(folder), `${'x'.repeat(MOST_BYTES)}\n`);
    journal.append(sending('a'));
    fill();
    journal.append(ended('a', 'wrk-1', 10));
    expect(results()).toEqual(['a wrk-1 done']);
    for (let round = 0; round < MOST_OLDER + 2; round += 1) {
      fill();
      journal.append(sending(`r${round}`, 'wrk-1', 100 + round));
    }
    expect(readdirSync(folder)).toHaveLength(MOST_OLDER + 1);
    expect(results()[0]).toBe(`r${MOST_OLDER + 1} wrk-1 unknown`);
    expect(results()).not.toContain('a wrk-1 done');
  });

  it('takes a full file for put aside when somebody else did so meanwhile', () => {
    openJournal(folder).append(sending('a'));
    appendFileSync(journalFile(folder), `${'x'.repeat(MOST_BYTES)}\n`);
    // The time becomes a name once the size is known, and the other console is a moment ahead.
    const ahead = () => {
      rmSync(journalFile(folder));
      return '2';
    };
    const record = { ...sending('b'), at: Object.assign(Object(2) as number, { toString: ahead }) };
    openJournal(folder).append(record);
    expect(results()).toEqual(['b wrk-1 unknown']);
  });

  it('tells when it cannot be written', () => {
    writeFileSync(folder, 'a file where the folder should be');
    expect(() => openJournal(folder).append(sending('a'))).toThrow(/EEXIST|ENOTDIR/);
  });
});
