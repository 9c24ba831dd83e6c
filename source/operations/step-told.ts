import { ETCD_NAMESPACE, ETCD_STATUS_OF_ALL, ETCD_WRITES, etcdPod } from '../links/etcd/etcdctl.ts';
import { backUpCommand, SALT_CONTAINER, SALT_NAMESPACE } from './backup/backup-link.ts';
import { sidesOf } from './change.ts';
import { kubectlLines, kubectlLine } from './kubectl-lines.ts';
import type { DryRun, EtcdCommand, JournalItem, NodeStep, Plan, Step, StepName, Task } from './operation.ts';

/** A line that tells what a step does: what goes, what comes, or what is done. */
export type ToldLine = { readonly sign: '-' | '+' | ' '; readonly text: string };

/** What a step changes, or what it does, for people; hostile text in it as it came. */
export const toldOf = (step: Step): readonly ToldLine[] =>
  step.task === 'edit'
    ? step.changes.flatMap((change): ToldLine[] => {
        const { before, after } = sidesOf(change);
        return [
          ...(before === null ? [] : [{ sign: '-' as const, text: before }]),
          ...(after === null ? [] : [{ sign: '+' as const, text: after }]),
        ];
      })
    : [{ sign: ' ', text: step.does }];

/** What the server said of it when asked without changing anything; null where there is no such question. */
export const dryRunOf = (step: Step): DryRun | null => (step.task === 'edit' ? step.dryRun : null);

/** Whether it may be sent, as far as a dry run tells. */
export const isSendable = (step: Step): boolean => dryRunOf(step)?.state !== 'refused';

/** What the journal keeps of a step besides its name. */
export const traceOf = (step: Step): Pick<JournalItem, 'uid' | 'changes'> => {
  switch (step.task) {
    case 'edit':
      return { uid: step.uid, changes: step.changes };
    case 'back-up':
      return { uid: '', changes: [] };
    default:
      return { uid: step.member.id, changes: [] };
  }
};

const WORDS: Readonly<Record<Task, string>> = {
  edit: 'the change',
  compact: 'the compaction',
  defragment: 'the defragmentation',
  disarm: 'the disarming of the alarms',
  'move-leader': 'the move of the leader',
  'back-up': 'the backup',
};

/** A step by its name, as in "the defragmentation on master-1". */
export const stepWords = ({ task, node }: StepName): string => `${WORDS[task]} on ${node}`;

/** A step where steps are listed: the node, and what is done there unless that is a change. */
export const stepTitle = ({ task, node }: StepName): string => (task === 'edit' ? node : `${node}: ${task}`);

/** A key for a step among those of its plan. */
export const stepKey = ({ task, node }: StepName): string => `${task} ${node}`;

/** The command line of etcdctl that does it, in the pod of a member. */
function etcdctlOf(command: EtcdCommand): readonly string[] {
  switch (command.task) {
    case 'compact':
      return ETCD_WRITES.compact(command.revision);
    case 'defragment':
      return ETCD_WRITES.defragment();
    case 'disarm':
      return ETCD_WRITES.disarm();
    case 'move-leader':
      return ETCD_WRITES.moveLeader(command.to.id);
  }
}

const isEdit = (step: Step): step is NodeStep => step.task === 'edit';

const execOf = (step: Exclude<Step, NodeStep>): readonly string[] =>
  step.task === 'back-up'
    ? ['-n', SALT_NAMESPACE, step.pod, '-c', SALT_CONTAINER, '--', ...backUpCommand(step.node)]
    : ['-n', ETCD_NAMESPACE, etcdPod(step.node), '--', ...etcdctlOf(step)];

/** The line by which an operator sees how all members are, asked of the one on a node. */
export const statusLine = (node: string, chosenContext?: string): string =>
  kubectlLine(['exec', '-n', ETCD_NAMESPACE, etcdPod(node), '--', ...ETCD_STATUS_OF_ALL], chosenContext);

/** The lines that do by hand what the steps do, quoted for a shell; edits that are the same on several nodes share one. */
export const linesOf = (steps: readonly Step[], chosenContext?: string): readonly string[] => [
  ...kubectlLines(steps.filter(isEdit), chosenContext),
  ...steps.flatMap((step) => (isEdit(step) ? [] : [kubectlLine(['exec', ...execOf(step)], chosenContext)])),
];

/**
 * The lines of a plan to do the same by hand. None while something of the cluster stands against it, since they would
 * pass by the guard; a session that only reads shows them.
 */
export const linesByHand = ({ guards, commands }: Pick<Plan, 'guards' | 'commands'>): readonly string[] =>
  guards.some(({ name, state }) => state === 'refused' && name !== 'write-access') ? [] : commands;
