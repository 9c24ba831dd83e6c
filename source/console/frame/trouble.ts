import { RESOURCES, type Resource, type ResourceStatus } from '../../model/cluster-event.ts';
import type { ClusterState } from '../../state/cluster-state.ts';
import { NOT_ASKED } from '../../state/picture.ts';
import { visible } from '../../text/visible.ts';
import type { Notice } from '../view.ts';

/** What each resource is called. */
export const SOURCE_WORDS: Readonly<Record<Resource, string>> = {
  nodes: 'nodes',
  pods: 'pods',
  events: 'events',
  usage: 'usage',
  persistentVolumes: 'volumes',
  claims: 'volume claims',
  storageClasses: 'storage classes',
  volumes: 'MetalK8s volumes',
  deployments: 'Deployments',
  daemonSets: 'DaemonSets',
  statefulSets: 'StatefulSets',
};

/** Without these the picture has a hole; of the others it is said where their figures would stand. */
const NEEDED: readonly Resource[] = ['nodes', 'pods', 'events'];

const whyOf = (status: ResourceStatus): string | null =>
  status.state === 'live' || status.state === 'loading' || status === NOT_ASKED ? null : status.why;

/**
 * The one sentence about what keeps the picture from being whole and fresh: what fails, why, and what to do. The nodes
 * come first, since what they lack mostly fails for the same reason; null when nothing is wrong.
 */
export function troubleOf({ resources }: Pick<ClusterState, 'resources'>): Notice | null {
  for (const resource of RESOURCES) {
    const { status } = resources[resource];
    const sentence = NEEDED.includes(resource) || status.state === 'stale' ? whyOf(status) : null;
    if (sentence !== null) return { sentence, severity: resource === 'nodes' ? 'critical' : 'warning' };
  }
  return null;
}

/** What stands in place of a resource that is not there, in a few words; null when it is, if only as it was. */
export function missingWords(resource: Resource, status: ResourceStatus): string | null {
  switch (status.state) {
    case 'live':
    case 'stale':
      return null;
    case 'loading':
      return `${SOURCE_WORDS[resource]} being read`;
    case 'denied':
      return `no right to ${visible(status.right)}`;
    case 'absent':
      return `${SOURCE_WORDS[resource]} not known`;
  }
}
