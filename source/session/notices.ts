import { endedRecord, NO_END } from '../operations/journal-records.ts';
import type { Journal } from '../operations/journal.ts';
import type { JournalItem } from '../operations/operation.ts';
import { stepWords } from '../operations/step-told.ts';
import { instant } from '../text/age.ts';

/** An edit is told by its line; that of etcdctl or Salt is longer than what it does. */
const stepSent = (item: JournalItem): string =>
  item.task === 'edit' ? `"${item.command}" on ${item.object}` : stepWords({ task: item.task, node: item.object });

/**
 * Sentences about what the last console left behind: operations whose end was never written. Each is told once, since
 * telling it is written down as its end (`mark` false leaves the journal as it is). Never throws: a journal that
 * cannot be read or written is a notice itself.
 */
export function journalNotices(journal: Journal, now: () => number, mark: boolean): readonly string[] {
  try {
    const open = journal.trail().filter(({ ended }) => !ended);
    const notices = open.map(
      ({ item }) =>
        `The end of ${stepSent(item)} (${instant(item.at)}) is unknown: look at it, unless another console still is at it.`,
    );
    if (mark)
      for (const { item } of open)
        journal.append(
          endedRecord(item.id, now(), { task: item.task, node: item.object, state: 'unknown', why: NO_END }),
        );
    return notices;
  } catch (error) {
    return [`The journal cannot be used: ${error instanceof Error ? error.message : String(error)}.`];
  }
}
