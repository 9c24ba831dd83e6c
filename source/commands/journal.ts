import type { JournalItem } from '../operations/operation.ts';
import { readTrail } from '../session/trail.ts';
import { instant } from '../text/age.ts';
import { plainTable } from '../text/table.ts';
import { checkSource } from './cluster.ts';
import type { Call, Run } from './command.ts';
import { parseDuration } from './duration.ts';
import { exitCode, UsageError } from './exit.ts';
import type { JournalDocument } from './kinds/journal.ts';
import { print, say } from './output.ts';
import { sideOf } from './plan-text.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d))?$/;

/** ms since the epoch of an age before now or of a time; a date alone is its first moment, UTC. */
function readSince(text: string, now: number): number {
  const age = parseDuration(text);
  const at = age === null ? (RFC_3339.test(text) ? Date.parse(text) : NaN) : now - age;
  if (Number.isNaN(at))
    throw new UsageError(
      `--since ${text} is no time; write an age as in 1h or 2d, or a time as in 2026-01-31T12:00:00Z.`,
    );
  return at;
}

function readLimit(text: string): number {
  const limit = /^\d+$/.test(text) ? Number(text) : 0;
  if (!Number.isSafeInteger(limit) || limit === 0) throw new UsageError(`--limit ${text} is no number above zero.`);
  return limit;
}

function filterOf({ flags, surroundings }: Call) {
  return {
    ...(flags.context !== undefined && { context: flags.context }),
    ...(flags.node !== undefined && { node: flags.node }),
    ...(flags.since !== undefined && { since: readSince(flags.since, surroundings.now()) }),
    ...(flags.limit !== undefined && { limit: readLimit(flags.limit) }),
  };
}

const itemOf = ({ changes, at, ...item }: JournalItem): JournalDocument['items'][number] => ({
  ...item,
  at: instant(at),
  before: sideOf(changes, 'before'),
  after: sideOf(changes, 'after'),
});

const COLUMNS = [
  { title: 'AT', cell: ({ at }: JournalItem) => instant(at) },
  { title: 'ID', cell: ({ id }: JournalItem) => id },
  { title: 'WHO', cell: ({ who }: JournalItem) => who },
  { title: 'NODE', cell: ({ object }: JournalItem) => object },
  { title: 'RESULT', cell: ({ result }: JournalItem) => result },
  { title: 'COMMAND', cell: ({ command }: JournalItem) => command },
];

const trailText = (items: readonly JournalItem[], wide: boolean): string =>
  plainTable(
    wide ? [...COLUMNS, { title: 'WHY' }] : COLUMNS,
    items.map((item) => [...COLUMNS.map(({ cell }) => cell(item)), item.why ?? '-']),
  );

/** The trail is a file of this machine: no kubeconfig is read for it, no plugin run and no cluster asked. */
export const journal: Run = async (call) => {
  const { flags, surroundings } = call;
  checkSource(call);
  const filter = filterOf(call);
  // A cluster of its own, and a recording, begin with an empty trail.
  const items = flags.demo || flags.replay !== undefined ? [] : readTrail(surroundings.environment, filter);
  await print(call, {
    document: (): JournalDocument => ({
      apiVersion: 'console.metalk8s/v1',
      kind: 'Journal',
      at: instant(surroundings.now()),
      items: items.map(itemOf),
    }),
    text: (wide) => (items.length === 0 ? '' : trailText(items, wide)),
  });
  if (items.length === 0) await say(call, 'The journal has nothing of that.');
  return exitCode('done');
};
