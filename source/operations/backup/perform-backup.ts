import { pause } from '../../links/kubernetes/clock.ts';
import type { BackupCopy } from '../../model/control-plane/control-plane.ts';
import { list } from '../../text/words.ts';
import type { Patience } from '../observe.ts';
import type { BackupStep } from '../operation.ts';
import { isForeseen } from '../refusal.ts';
import { watchingOf, type End, type Run } from '../run.ts';
import { endOfSending } from '../sent.ts';
import { backupLog } from './backup-link.ts';

/** How long the copies may take to be seen, and the pause between two looks, ms. */
export const BACKUP_PATIENCE: Patience = { bound: 300_000, pause: 2_000 };

const nameOf = ({ job, node }: BackupCopy): string => node ?? job;

/** The copies, or a sentence where they cannot be read. */
async function look({ backup }: Run): Promise<readonly BackupCopy[] | string> {
  try {
    return await backup.copies();
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return error.message;
  }
}

/** The copies that are there now and were not before: each is a Job with a name of its own, which may start later. */
const newOf = (before: readonly BackupCopy[], now: readonly BackupCopy[]): readonly BackupCopy[] => {
  const known = new Set(before.map(({ job }) => job));
  return now.filter(({ job }) => !known.has(job));
};

/** What new copies say of the backup; null as long as one is on its way, or fewer are there than masters. */
function endOfCopies(copies: readonly BackupCopy[], { masters }: BackupStep): End | null {
  const failed = copies.filter(({ outcome }) => outcome === 'failed');
  if (copies.length === 0 || copies.some(({ outcome }) => outcome === 'running')) return null;
  if (failed.length > 0)
    return {
      state: 'failed',
      why: `An archive was made, and could not be copied to ${list(failed.map(nameOf), 4)}; see the Jobs backup-replication in kube-system.`,
    };
  if (copies.length < masters.length) return null;
  return { state: 'done', why: `The archive was copied to ${list(copies.map(nameOf), 4)}.` };
}

/** How far the copies came that were seen last. */
function farWords(copies: readonly BackupCopy[], { masters }: BackupStep): string {
  if (copies.length === 0) return 'No new copy of an archive to a master was seen';
  const done = copies.filter(({ outcome }) => outcome === 'done').map(nameOf);
  const missing = masters.filter((master) => !done.includes(master));
  const sofar = done.length === 0 ? 'An archive was made' : `The archive was copied to ${list(done, 4)}`;
  return `${sofar}, and of a copy to ${missing.length === 0 ? 'the others' : list(missing, 4)} no end was seen`;
}

/**
 * Has Salt run the backup of the product, and sees that it came about by the copies to the masters that follow it: what
 * Salt answers alone does not prove an archive.
 */
export async function performBackup(step: BackupStep, run: Run, observing: () => void): Promise<End> {
  const before = await look(run);
  if (typeof before === 'string')
    return { state: 'failed', why: `Whether a backup comes about could not be seen: ${before} Nothing was sent.` };
  const sent = await endOfSending(run.backup.backUp(step.pod, step.node), step.node);
  observing();
  if (sent.state === 'ended') return sent.end;
  const { bound, pause: wait } = run.patience ?? BACKUP_PATIENCE;
  const { clock, signal } = watchingOf(run);
  const looks = Math.max(1, Math.ceil(bound / wait));
  let seen: readonly BackupCopy[] = [];
  for (let count = 0; count < looks && !(count > 0 && signal.aborted); count += 1) {
    const now = await look(run);
    if (typeof now !== 'string') seen = newOf(before, now);
    const end = typeof now === 'string' ? null : endOfCopies(seen, step);
    if (end !== null) return end;
    await pause(clock, wait, signal);
  }
  const ending = sent.state === 'lost' ? sent.why : 'Salt says that it ended.';
  return {
    state: 'unknown',
    why: `${ending} ${farWords(seen, step)}; look at ${backupLog(step.node)}.`,
  };
}
