import type { BackupCopy } from '../../model/control-plane/control-plane.ts';
import type { PodRow } from '../../model/kubernetes/pod.ts';
import { rolesOf } from '../../product/node-roles.ts';
import type { ClusterState } from '../../state/cluster-state.ts';
import { age } from '../../text/age.ts';
import { list } from '../../text/words.ts';
import { warningsFirst } from '../node-effect.ts';
import type { BackupStep, Effect, Guard, Plan } from '../operation.ts';
import { writeAccess, type Planning, type Unanswered } from '../plan.ts';
import { isForeseen } from '../refusal.ts';
import { linesOf } from '../step-told.ts';
import { SALT_NAMESPACE, saltMasterPod, type BackupReading } from './backup-link.ts';

/** What the backup script of the product does, in its own order (MetalK8s guide: "Bootstrap Node Backup and Restore"). */
const DOES =
  'back up the configurations, the CAs and their keys and a snapshot of etcd into one archive, and copy it to the masters';

/** What a plan says once it was asked for: a guard that holds or not, and what is told besides. */
type Asked = { readonly guards: readonly Guard[]; readonly effects: readonly Effect[] };

/**
 * The plan of a backup now, at `now` in ms since the epoch. Where the only way to the bootstrap machine is closed, or a
 * right is missing, a guard says which and what to do. Never rejects for what the cluster says.
 */
export async function planBackup(
  { state, id, readOnly, chosenContext }: Planning,
  reading: BackupReading,
  now: number,
  signal?: AbortSignal,
): Promise<Plan> {
  const node = [...state.nodes.values()].find((one) => rolesOf(one).includes('bootstrap'))?.name ?? null;
  const masters = [...state.nodes.values()].filter((one) => rolesOf(one).includes('master')).map(({ name }) => name);
  const steps: readonly BackupStep[] =
    node === null ? [] : [{ task: 'back-up', node, pod: saltMasterPod(node), masters: masters.sort(), does: DOES }];
  const asked = await Promise.all([rights(reading, signal), copies(reading, now, signal)]);
  return {
    id,
    name: 'backup',
    title: node === null ? 'Back up' : `Back up on ${node}`,
    commands: linesOf(steps, chosenContext),
    steps,
    inOrder: true,
    unchanged: [],
    guards: [writeAccess(readOnly), saltDoor(state, node), ...asked.flatMap(({ guards }) => guards)],
    effects: warningsFirst([...asked.flatMap(({ effects }) => effects), TAKES, UNSEEN]),
    undoes: null,
    confirmation: null,
  };
}

const TAKES: Effect = {
  severity: 'note',
  sentence:
    'It takes some minutes, of which the snapshot of etcd is the longest; the five newest archives are kept, and ' +
    'nothing else changes, so there is nothing to take back.',
};

/** The console has no way into the file system of the bootstrap machine. */
const UNSEEN: Effect = {
  severity: 'note',
  sentence:
    'The console sees neither whether there is room for the archive nor whether the snapshot in it is whole: look there ' +
    'by "df -h /var/lib/metalk8s" before, and after it take etcd_snapshot out of the newest archive in ' +
    '/var/lib/metalk8s/backups and run "etcdutl snapshot status etcd_snapshot".',
};

const EXEC_RIGHT: Unanswered = 'exec-right';
const COPIES_ASKED: Unanswered = 'copies-asked';

/** The answer, or the guard that is refused since there is none. */
async function asked<T>(question: Promise<T>, refused: (why: string) => Guard): Promise<T | Guard> {
  try {
    return await question;
  } catch (error) {
    if (!isForeseen(error)) throw error;
    return refused(error.message);
  }
}

const isGuard = (value: unknown): value is Guard => typeof value === 'object' && value !== null && 'sentence' in value;

/** Servers ask for get of who runs a command in a pod, those from Kubernetes 1.35 on for create as well. */
async function rights({ mayExec }: BackupReading, signal?: AbortSignal): Promise<Asked> {
  const refused = (sentence: string): Guard => ({ name: EXEC_RIGHT, state: 'refused', sentence });
  const answer = await asked(Promise.all([mayExec('get', signal), mayExec('create', signal)]), (why) =>
    refused(`Whether this user may run a command in the pod of the Salt master could not be asked: ${why}`),
  );
  if (isGuard(answer)) return { guards: [answer], effects: [] };
  const [get, create] = answer;
  if (!get)
    return {
      guards: [
        refused(
          `This user has no right to get pods/exec in ${SALT_NAMESPACE}, and running a command there needs both get and ` +
            'create of it; ask an administrator for them.',
        ),
      ],
      effects: [],
    };
  const passed: Guard = { name: EXEC_RIGHT, state: 'passed', sentence: 'This user may run commands in its pod.' };
  const warning = `This user has no right to create pods/exec in ${SALT_NAMESPACE}: servers from Kubernetes 1.35 on will refuse it.`;
  return { guards: [passed], effects: create ? [] : [{ severity: 'warning', sentence: warning }] };
}

const whenOf = ({ startedAt, endedAt }: BackupCopy): number | null => endedAt ?? startedAt;
const placesOf = (copies: readonly BackupCopy[]): string =>
  list([...new Set(copies.map(({ node, job }) => node ?? job))].sort(), 4);

/** How old the newest archive is, and whether one is on its way: a backup that nobody could see is not begun. */
async function copies({ copies: read }: BackupReading, now: number, signal?: AbortSignal): Promise<Asked> {
  const guard = (state: Guard['state'], sentence: string): Guard => ({ name: COPIES_ASKED, state, sentence });
  const all = await asked(read(signal), (why) =>
    guard('refused', `Whether a backup comes about could not be seen: ${why}`),
  );
  if (isGuard(all)) return { guards: [all], effects: [] };
  const done = all.filter(({ outcome }) => outcome === 'done');
  const times = done.map(whenOf).filter((at) => at !== null);
  const newest =
    times.length === 0
      ? 'No copy of an archive to a master is there yet.'
      : `The newest copy of an archive to a master is ${age(now - Math.max(...times))} old.`;
  const running = all.filter(({ outcome }) => outcome === 'running');
  const warning = `An archive is being copied to ${placesOf(running)}: somebody backs up already, or its Job hangs.`;
  return {
    guards: [guard('passed', newest)],
    effects: running.length === 0 ? [] : [{ severity: 'warning', sentence: warning }],
  };
}

/** The Salt master runs on the bootstrap node and can tell it to back itself up; there is no other way there yet. */
function saltDoor(state: ClusterState, node: string | null): Guard {
  const refused = (sentence: string): Guard => ({ name: 'salt-door', state: 'refused', sentence });
  if (node === null) return refused('No node with the role bootstrap is known, and only that one can make a backup.');
  const name = saltMasterPod(node);
  const byHand = `run backup.sh of /srv/scality/metalk8s-${state.server?.metalk8sVersion ?? 'VERSION'} on ${node} by hand`;
  const pod = [...(state.podsByNode.get(node)?.values() ?? [])].find(
    (one) => one.namespace === SALT_NAMESPACE && one.name === name,
  );
  if (pod === undefined)
    return refused(`The backup is asked for through the pod ${name}, and there is none on ${node}; ${byHand}.`);
  return isServing(pod)
    ? { name: 'salt-door', state: 'passed', sentence: `The pod ${name} is ready to ask for it.` }
    : refused(`The backup is asked for through the pod ${name}, and that is not ready (${pod.status}); ${byHand}.`);
}

const isServing = ({ phase, ready, deleting }: PodRow): boolean =>
  phase === 'Running' && !deleting && ready.of > 0 && ready.containers === ready.of;
