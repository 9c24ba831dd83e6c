import type { Area, ClusterVerdict, Next, Reason, Verdict } from '../checks/verdict/verdict.ts';
import type { Context } from './screen.ts';
import type { Notice, View } from './view.ts';

type Place = { readonly object: string | null; readonly area: Area };
type Ground = Pick<Context, 'nodes' | 'nodesView'>;

/** Which screen shows a place; null where what it is about is not there any more. */
const VIEWS: Readonly<Record<Next['screen'], (place: Place, ground: Ground) => View | null>> = {
  nodes: (_, { nodesView }) => nodesView,
  node: ({ object }, { nodes }) => {
    const row = object === null ? null : nodes.byName(object);
    return row === null ? null : { name: 'node', uid: row.node.uid, node: row.node.name, tab: 'overview', top: 0 };
  },
  etcd: ({ object }) => ({ name: 'etcd', cursor: { member: object, index: 0 }, top: 0 }),
  'control-plane': ({ object, area }) => ({
    name: 'control-plane',
    marked: object === null ? null : { area, object },
    top: 0,
  }),
};

/** What of a view tells one place from another. */
function placeOf(view: View): string {
  switch (view.name) {
    case 'node':
      return `node ${view.uid}`;
    case 'etcd':
      return `etcd ${view.cursor.member ?? ''}`;
    case 'etcd-member':
      return `etcd ${view.member}`;
    case 'control-plane':
      return `control-plane ${view.marked === null ? '' : `${view.marked.area} ${view.marked.object}`}`;
    default:
      return view.name;
  }
}

/** What an area is called. */
const nameOf = (area: Area): string => area.replace('-', ' ');

const SEVERITIES: Readonly<Record<Verdict, Notice['severity']>> = {
  'at-risk': 'critical',
  degraded: 'warning',
  unknown: 'note',
  healthy: 'note',
};

/** Screens on which `!` goes on, in place of opening another on top. */
const LED_TO: readonly View['name'][] = ['node', 'etcd', 'etcd-member', 'control-plane'];

/** What of a reason is shown by one stop: certificates stand below each other, and their ends are one matter. */
const matterOf = ({ area, severity }: Reason, view: View): string =>
  area === 'certificates' ? `${area} ${severity}` : placeOf(view);

/** What `!` stops at once: the reason that comes first, and the places of all that are seen there. */
type Stop = { readonly view: View; readonly reason: Reason; readonly places: readonly string[] };

function stopsOf(reasons: readonly Reason[], context: Ground): readonly Stop[] {
  const stops = new Map<string, Stop>();
  for (const reason of reasons) {
    if (reason.severity === 'healthy' || reason.next === null) continue;
    const view = VIEWS[reason.next.screen]({ object: reason.next.object, area: reason.area }, context);
    if (view === null) continue;
    const matter = matterOf(reason, view);
    const { places = [], ...first } = stops.get(matter) ?? { view, reason };
    stops.set(matter, { ...first, places: [...new Set([...places, placeOf(view)])] });
  }
  return [...stops.values()];
}

/** Where the key for problems leads: the screen after it, whether that takes the place of the one on top, and a sentence. */
export type Problem = { readonly view: View | null; readonly replaces: boolean; readonly notice: Notice };

/**
 * The worst problem, or the next one after the one that is on the screen; after the last the worst again. Pure: where the
 * operator has gone on by hand, it begins anew.
 */
export function nextProblem(
  { verdict, reasons }: Pick<ClusterVerdict, 'verdict' | 'reasons'>,
  top: View,
  context: Ground,
): Problem {
  const stops = stopsOf(reasons, context);
  const stopAt = (place: string): number => stops.findIndex(({ places }) => places.includes(place));
  const here = stopAt(placeOf(top));
  const at = ((here === -1 && top.name === 'etcd' ? stopAt('etcd ') : here) + 1) % Math.max(stops.length, 1);
  const found = stops[at];
  if (found === undefined) {
    const sentence =
      verdict === 'healthy' ? 'Nothing is wrong.' : 'Nothing is known to be wrong that a screen would show.';
    return { view: null, replaces: false, notice: { severity: 'note', sentence, during: verdict } };
  }
  const { reason, view, places } = found;
  const more = places.length === 1 ? '' : ` and ${places.length - 1} more`;
  const place = stops.length === 1 ? ' (all that is wrong)' : ` (${at + 1} of ${stops.length}, ! goes on)`;
  return {
    view,
    replaces: LED_TO.includes(top.name),
    notice: {
      severity: SEVERITIES[reason.severity],
      sentence: `${nameOf(reason.area)}: ${reason.sentence}${more}${place}`,
      during: verdict,
    },
  };
}
