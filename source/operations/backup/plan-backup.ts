import type { PodRow } from '../../model/kubernetes/pod.ts';
import { rolesOf } from '../../product/node-roles.ts';
import type { ClusterState } from '../../state/cluster-state.ts';
import type { BackupStep, Guard, Plan } from '../operation.ts';
import { writeAccess, type Planning } from '../plan.ts';
import { linesOf } from '../step-told.ts';
import { SALT_NAMESPACE, saltMasterPod } from './backup-link.ts';

/** What the backup script of the product does, in its own order (MetalK8s guide: "Bootstrap Node Backup and Restore"). */
const DOES =
  'back up the configurations, the CAs and their keys and a snapshot of etcd into one archive, and copy it to the masters';

/** The plan of a backup now. Where the only way to the bootstrap machine is closed, a guard says which and what to do. */
export function planBackup({ state, id, readOnly, chosenContext }: Planning): Plan {
  const node = [...state.nodes.values()].find((one) => rolesOf(one).includes('bootstrap'))?.name ?? null;
  const steps: readonly BackupStep[] =
    node === null ? [] : [{ task: 'back-up', node, pod: saltMasterPod(node), does: DOES }];
  return {
    id,
    name: 'backup',
    title: node === null ? 'Back up' : `Back up on ${node}`,
    commands: linesOf(steps, chosenContext),
    steps,
    inOrder: true,
    unchanged: [],
    guards: [writeAccess(readOnly), saltDoor(state, node)],
    effects: [
      {
        severity: 'note',
        sentence:
          'It takes some minutes, of which the snapshot of etcd is the longest; the five newest archives are kept, and ' +
          'nothing else changes, so there is nothing to take back.',
      },
    ],
    undoes: null,
    confirmation: null,
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
