import { stateFolder } from '../configuration/state-folder.ts';
import { ConfigurationError } from '../links/kubernetes/access.ts';
import { openJournal, type Journal } from '../operations/journal.ts';
import type { JournalItem } from '../operations/operation.ts';

/** Which items of the trail are wanted; `since` is in ms since the epoch, `limit` takes the newest. */
export type TrailFilter = {
  readonly context?: string;
  readonly node?: string;
  readonly since?: number;
  readonly limit?: number;
};

/** The wanted items, newest first. */
export function itemsOf(
  journal: Journal,
  { context, node, since = -Infinity, limit = Infinity }: TrailFilter,
): readonly JournalItem[] {
  return journal
    .trail()
    .map(({ item }) => item)
    .filter(
      (item) =>
        (context === undefined || item.context === context) &&
        (node === undefined || item.object === node) &&
        item.at >= since,
    )
    .slice(0, limit);
}

/** The trail of this account, read without any cluster. Throws a ConfigurationError when it cannot be read. */
export function readTrail(
  environment: Readonly<Record<string, string | undefined>>,
  filter: TrailFilter,
): readonly JournalItem[] {
  const folder = stateFolder(environment);
  try {
    return itemsOf(openJournal(folder), filter);
  } catch (error) {
    throw new ConfigurationError(
      `The journal in ${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}; ` +
        'give this account the right to read it, or name another folder in XDG_STATE_HOME.',
      { cause: error },
    );
  }
}
