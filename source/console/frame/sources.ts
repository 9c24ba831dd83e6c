import { RESOURCES, type Resource } from '../../model/cluster-event.ts';
import { visible } from '../../text/visible.ts';
import type { Context } from '../screen.ts';
import { steadyAge } from '../screens/nodes/cells.ts';
import { SIGNS } from '../theme.ts';
import { drawnRow, joined, plain, styled, type Span } from '../widgets/spans.ts';

function sourceSpans(resource: Resource, { cluster, now }: Context): readonly Span[] {
  const { status } = cluster.resources[resource];
  switch (status.state) {
    case 'live':
      return [plain(`${resource} live`)];
    case 'loading':
      return [styled('progress', `${SIGNS.progress} ${resource} being read`)];
    case 'stale':
      return [
        styled('warning', `${SIGNS.warning} ${resource} ${steadyAge(status.since, now)} old: `),
        plain(visible(status.why)),
      ];
    case 'denied':
      return [
        styled('warning', `${SIGNS.warning} ${resource}: `),
        plain(`the right "${visible(status.right)}" is missing`),
      ];
    case 'absent':
      return [styled('unknown', `${SIGNS.unknown} ${resource}: ${visible(status.why)}`)];
  }
}

/** The line that says where what is shown comes from, and how old it is. */
export const sourcesRow = (context: Context): string =>
  drawnRow(
    [
      styled('label', ' source  '),
      ...joined(
        RESOURCES.map((resource) => sourceSpans(resource, context)),
        '   ',
      ),
    ],
    context.width,
    context.theme,
  );
