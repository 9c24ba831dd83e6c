import { isInstant } from '../text/age.ts';
import { TASKS, type JournalItem, type Plan, type Step, type StepResult, type Task } from './operation.ts';
import { traceOf } from './step-told.ts';

/** What is written before a request is sent: everything that an undo or a question afterwards needs. */
export type SendingRecord = Omit<JournalItem, 'result' | 'why'> & { readonly record: 'sending' };

/** What is written once the end is known. The last one of a step counts. */
export type EndedRecord = {
  readonly record: 'ended';
  readonly id: string;
  readonly task: Task;
  readonly object: string;
  readonly at: number;
  readonly result: StepResult['state'];
  readonly why: string | null;
};

export type JournalRecord = SendingRecord | EndedRecord;

/** Why an item that has no end says `unknown`. */
export const NO_END = 'the console ended before it knew the outcome: look at what it was done to';

export const sendingRecord = (
  plan: Pick<Plan, 'id' | 'name' | 'undoes'>,
  step: Step,
  about: Pick<JournalItem, 'at' | 'who' | 'context' | 'command'>,
): SendingRecord => ({
  record: 'sending',
  id: plan.id,
  at: about.at,
  who: about.who,
  context: about.context,
  operation: plan.name,
  task: step.task,
  object: step.node,
  ...traceOf(step),
  command: about.command,
  undoes: plan.undoes,
});

export const endedRecord = (id: string, at: number, { task, node, state, why }: StepResult): EndedRecord => ({
  record: 'ended',
  id,
  task,
  object: node,
  at,
  result: state,
  why,
});

/** An item of the trail, and whether its end was never written. */
export type TrailItem = { readonly item: JournalItem; readonly ended: boolean };

const unendedItem = ({ id, at, who, context, operation, task, object, ...rest }: SendingRecord): JournalItem => ({
  id,
  at,
  who,
  context,
  operation,
  task,
  object,
  uid: rest.uid,
  changes: rest.changes,
  command: rest.command,
  result: 'unknown',
  why: NO_END,
  undoes: rest.undoes,
});

/** Pairs what was sent with how it ended, newest first. */
export function pairRecords(records: Iterable<JournalRecord>): readonly TrailItem[] {
  const trail = new Map<string, TrailItem>();
  for (const record of records) {
    const place = `${record.id} ${record.task} ${record.object}`;
    if (record.record === 'sending') {
      trail.set(place, { item: unendedItem(record), ended: false });
      continue;
    }
    const sent = trail.get(place);
    if (sent) trail.set(place, { item: { ...sent.item, result: record.result, why: record.why }, ended: true });
  }
  return [...trail.values()].reverse().sort((one, other) => other.item.at - one.item.at);
}

/** A record of a console that knew edits of nodes alone names no task. */
type Written = Omit<SendingRecord, 'task'> | Omit<EndedRecord, 'task'> | JournalRecord;

const isRecord = (value: unknown): value is Written => {
  if (typeof value !== 'object' || value === null) return false;
  const { record, id, task, object, at, result, changes } = value as Record<string, unknown>;
  if (task !== undefined && !TASKS.some((known) => known === task)) return false;
  if (typeof id !== 'string' || typeof object !== 'string' || typeof at !== 'number' || !isInstant(at)) return false;
  return record === 'sending' ? Array.isArray(changes) : record === 'ended' && typeof result === 'string';
};

/** A line as a record; null for one that was cut off in the middle of a write, or that is none of ours. */
export function readRecord(line: string): JournalRecord | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? { task: 'edit', ...value } : null;
  } catch {
    return null;
  }
}
