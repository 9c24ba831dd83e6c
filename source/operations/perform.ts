import { performBackup } from './backup/perform-backup.ts';
import { performEtcd } from './etcd/perform-etcd.ts';
import type { Step } from './operation.ts';
import { performEdit } from './perform-edit.ts';
import type { End, Run } from './run.ts';

/** Sends a step once and sees how it ended; `observing` is told when only the effect is waited for. */
export function perform(step: Step, run: Run, observing: () => void): Promise<End> {
  switch (step.task) {
    case 'edit':
      return performEdit(step, run, observing);
    case 'back-up':
      return performBackup(step, run, observing);
    default:
      return performEtcd(step, run, observing);
  }
}
