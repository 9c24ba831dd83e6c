import type { ResourceStatus } from '../../model/cluster-event.ts';
import { clock, steadyAge } from '../../text/age.ts';
import { visible } from '../../text/visible.ts';
import type { Context } from '../screen.ts';
import { justified, plain, styled, type Span } from '../widgets/spans.ts';

/** How fresh the picture is, in a word: the nodes are what everything else hangs on. */
function freshness(status: ResourceStatus, now: number): Span {
  switch (status.state) {
    case 'live':
      return plain('live');
    case 'loading':
      return styled('progress', '~ connecting');
    case 'stale':
      return styled('warning', `! stale ${steadyAge(status.since, now)}`);
    case 'denied':
    case 'absent':
      return styled('critical', 'X no data');
  }
}

/** Minutes only: a clock that ticks is a row that is written every second. */
const minutes = (now: number): string => clock(now).slice(0, 5);

/** Whether anything may be written, as far as the server has said. */
function rightSpan(readOnly: string | null, mayPatch: boolean | null): Span {
  if (readOnly !== null) return styled('intent', '= READ-ONLY');
  return mayPatch === true ? plain('WRITE') : styled('unknown', '? RIGHTS');
}

/** First line of every screen: which cluster, who looks at it, may they write, how old is what they see. */
export function identityRow({ cluster, now, width, readOnly, theme }: Context): string {
  const { server } = cluster;
  const dot = ` ${theme.glyphs.dot} `;
  const product = server?.metalk8sVersion ?? null;
  const kubernetes = server?.kubernetesVersion ?? null;
  const left: Span[] = [
    plain(' metalk8s '),
    styled('heading', visible(server?.cluster ?? '?')),
    ...(product === null ? [] : [plain(`${dot}${visible(product)}`)]),
    ...(kubernetes === null ? [] : [plain(`${dot}k8s ${visible(kubernetes.replace(/^v/, ''))}`)]),
    ...(server === null || server.door.first
      ? []
      : [styled('warning' as const, `${dot}! by ${visible(server.door.address)}`)]),
  ];
  const right: Span[] = [
    plain(server === null ? '' : `${visible(server.user)}  `),
    rightSpan(readOnly, cluster.rights.patchNodes),
    plain('  '),
    freshness(cluster.resources.nodes.status, now),
    plain(`  ${minutes(now)} `),
  ];
  return justified(left, right, width, theme);
}
