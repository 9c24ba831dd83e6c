import { steadyAge } from '../../text/age.ts';
import { RESOURCES, type Resource, type ResourceStatus } from '../../model/cluster-event.ts';
import type { Context } from '../screen.ts';
import { SIGNS } from '../theme.ts';
import { drawnRow, joined, plain, styled, type Span } from '../widgets/spans.ts';
import { missingWords } from './trouble.ts';

const STYLES = { loading: 'progress', denied: 'warning', absent: 'unknown' } as const satisfies Partial<
  Record<ResourceStatus['state'], keyof typeof SIGNS>
>;

function sourceSpan(resource: Resource, { cluster, now }: Pick<Context, 'cluster' | 'now'>): Span {
  const { status } = cluster.resources[resource];
  switch (status.state) {
    case 'live':
      return plain(`${resource} live`);
    case 'stale':
      return styled('warning', `${SIGNS.warning} ${resource} ${steadyAge(status.since, now)} old`);
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
        RESOURCES.map((resource) => [sourceSpan(resource, context)]),
        '   ',
      ),
    ],
    context.width,
    context.theme,
  );
