import { RESOURCES, type Resource, type ResourceStatus } from '../../model/cluster-event.ts';
import type { ClusterState } from '../../state/cluster-state.ts';
import { NOT_ASKED } from '../../state/picture.ts';
import { visible } from '../../text/visible.ts';
import { SIGNS, type Theme } from '../theme.ts';
import { drawnRow, plain, styled, wrapped } from '../widgets/spans.ts';

/** Rows that the sentence may take: all it needs where there is room, one on a small terminal. */
const MOST_ROWS = 3;
const ROOMY_FROM = 20;
const SIGN_WIDTH = 3;

const whyOf = (status: ResourceStatus): string | null =>
  status.state === 'live' || status.state === 'loading' || status === NOT_ASKED ? null : status.why;

/**
 * The one sentence about what keeps the picture from being whole and fresh: what fails, why, and what to do. The nodes
 * come first, since what they lack mostly fails for the same reason; null when nothing is wrong.
 */
export function troubleOf({ resources }: Pick<ClusterState, 'resources'>) {
  for (const resource of RESOURCES) {
    const sentence = whyOf(resources[resource].status);
    if (sentence !== null) return { sentence, severity: resource === 'nodes' ? 'critical' : 'warning' } as const;
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
      return `${resource} being read`;
    case 'denied':
      return `no right to ${visible(status.right)}`;
    case 'absent':
      return `${resource} not known`;
  }
}

type Size = { readonly width: number; readonly rows: number };

/** The sentence as rows of the screen, wrapped; none when nothing is wrong. */
export function troubleRows(cluster: Pick<ClusterState, 'resources'>, { width, rows }: Size, theme: Theme) {
  const trouble = troubleOf(cluster);
  if (trouble === null) return [];
  const { sentence, severity } = trouble;
  const texts = wrapped(visible(sentence), Math.max(width - SIGN_WIDTH - 1, 1));
  const most = rows < ROOMY_FROM ? 1 : MOST_ROWS;
  // What goes beyond the last row is cut by it, with the sign of a cut.
  const shown = [...texts.slice(0, most - 1), texts.slice(most - 1).join(' ')].filter((text) => text !== '');
  return shown.map((text, index) =>
    drawnRow(
      [index === 0 ? styled(severity, ` ${SIGNS[severity]} `) : plain(' '.repeat(SIGN_WIDTH)), plain(text)],
      width,
      theme,
    ),
  );
}
