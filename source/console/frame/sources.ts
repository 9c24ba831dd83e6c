import { steadyAge } from '../../text/age.ts';
import { RESOURCES, type Resource, type ResourceStatus } from '../../model/cluster-event.ts';
import { NOT_ASKED } from '../../state/picture.ts';
import type { Context } from '../screen.ts';
import { SIGNS } from '../theme.ts';
import { drawnRow, joined, plain, styled, type Span } from '../widgets/spans.ts';
import { missingWords, SOURCE_WORDS } from './trouble.ts';

const STYLES = { loading: 'progress', denied: 'warning', absent: 'unknown' } as const satisfies Partial<
  Record<ResourceStatus['state'], keyof typeof SIGNS>
>;

/** Sources whose state is always said; of the others only what is wrong with them. */
const ALWAYS: readonly Resource[] = ['nodes', 'pods', 'events', 'usage'];

/** What a cluster may well be without: one that is not MetalK8s has none of its Volumes. */
const MAY_BE_ABSENT: readonly Resource[] = ['volumes'];

const isWorthSaying = (resource: Resource, status: ResourceStatus): boolean =>
  ALWAYS.includes(resource) ||
  status.state === 'stale' ||
  status.state === 'denied' ||
  (status.state === 'absent' && status !== NOT_ASKED && !MAY_BE_ABSENT.includes(resource));

function sourceSpan(resource: Resource, { cluster, now }: Pick<Context, 'cluster' | 'now'>): Span {
  const { status } = cluster.resources[resource];
  const name = SOURCE_WORDS[resource];
  switch (status.state) {
    case 'live':
      return plain(`${name} live`);
    case 'stale':
      return styled('warning', `${SIGNS.warning} ${name} ${steadyAge(status.since, now)} old`);
    default: {
      const style = STYLES[status.state];
      return styled(style, `${SIGNS[style]} ${missingWords(resource, status) ?? ''}`);
    }
  }
}

/** The line that says where what is shown comes from, and how old it is; trouble.ts says why something is missing. */
export const sourcesRow = (context: Pick<Context, 'cluster' | 'now' | 'theme' | 'width'>): string =>
  drawnRow(
    [
      styled('label', ' source  '),
      ...joined(
        RESOURCES.filter((resource) => isWorthSaying(resource, context.cluster.resources[resource].status)).map(
          (resource) => [sourceSpan(resource, context)],
        ),
        '   ',
      ),
    ],
    context.width,
    context.theme,
  );
