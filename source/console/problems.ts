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

const SEVERITIES: Readonly<Record<Verdict, Notice['severity']>> = {
  'at-risk': 'critical',
  degraded: 'warning',
  unknown: 'note',
  healthy: 'note',
};

/** Screens on which `!` goes on, in place of opening another on top. */
const LED_TO: readonly View['name'][] = ['node', 'etcd', 'etcd-member', 'control-plane'];

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
  const places = new Map<string, { readonly view: View; readonly reason: Reason }>();
  for (const reason of reasons) {
    if (reason.severity === 'healthy' || reason.next === null) continue;
    const view = VIEWS[reason.next.screen]({ object: reason.next.object, area: reason.area }, context);
    if (view !== null && !places.has(placeOf(view))) places.set(placeOf(view), { view, reason });
  }
  const keys = [...places.keys()];
  const here = keys.indexOf(placeOf(top));
  const at = (here === -1 && top.name === 'etcd' ? keys.indexOf('etcd ') : here) + 1;
  const found = [...places.values()][at % Math.max(keys.length, 1)];
  if (found === undefined) {
    const sentence =
      verdict === 'healthy' ? 'Nothing is wrong.' : 'Nothing is known to be wrong that a screen would show.';
    return { view: null, replaces: false, notice: { severity: 'note', sentence, during: verdict } };
  }
  const { reason, view } = found;
  const place =
    keys.length === 1 ? ' (all that is wrong)' : ` (${(at % keys.length) + 1} of ${keys.length}, ! goes on)`;
  return {
    view,
    replaces: LED_TO.includes(top.name),
    notice: {
      severity: SEVERITIES[reason.severity],
      sentence: `${reason.area}: ${reason.sentence}${place}`,
      during: verdict,
    },
  };
}
