import type { ClusterState } from '../state/cluster-state.ts';
import { instant } from '../text/age.ts';
import type { Call } from './command.ts';

/** What every answer begins with: its kind, of which cluster it speaks, and when that was true. */
export const envelope = <K extends string>(kind: K, state: ClusterState, { surroundings }: Call) => ({
  apiVersion: 'console.metalk8s/v1' as const,
  kind,
  cluster: state.server?.cluster ?? '',
  at: instant(state.resources.nodes.heardAt ?? surroundings.now()),
});
