import type { ClusterNode } from '../../../model/kubernetes/node.ts';
import type { RoleTaints } from '../../../operations/operation.ts';
import { ROLES, TAINTED_ROLES, type Role } from '../../../product/roles.ts';
import { list } from '../../../text/words.ts';
import { nothing, type Outcome } from '../../screen.ts';
import { planning, type RolesView } from '../../view.ts';
import { formScreen, namesOf, shareWords, type FormUpdate } from '../../widgets/form.tsx';
import { plain, styled, type Span } from '../../widgets/spans.ts';
import {
  editOf,
  isLeftAlone,
  isSameStanding,
  spreadOf,
  standingAfter,
  standingBefore,
  type Spread,
  type Standing,
} from './standing.ts';

type Nodes = readonly ClusterNode[];

/** A row of the form: a role or a taint of a role, on how many nodes it is and will be; or what taints go by. */
type Entry =
  | { readonly kind: 'role' | 'taint'; readonly role: Role; readonly before: number; readonly after: number }
  | { readonly kind: 'follow' };

/** What runs where a role is (MetalK8s guide: node roles, sizing). */
const MEANINGS: Readonly<Record<Role, string>> = {
  bootstrap: 'the machine of the installation: never given or taken',
  master: 'API server, scheduler, controllers',
  etcd: 'the store of the API',
  infra: 'monitoring, logging, ingress',
  node: 'applications',
};

function entriesOf(view: RolesView, nodes: Nodes): readonly Entry[] {
  const before = nodes.map(standingBefore);
  const after = nodes.map((node) => standingAfter(node, view));
  const on = (side: readonly Standing[], kind: 'roles' | 'taints', role: Role): number =>
    side.filter((standing) => standing[kind].includes(role)).length;
  const role = (one: Role): Entry => ({
    kind: 'role',
    role: one,
    before: on(before, 'roles', one),
    after: on(after, 'roles', one),
  });
  const taint = (one: Role): Entry => ({
    kind: 'taint',
    role: one,
    before: on(before, 'taints', one),
    after: on(after, 'taints', one),
  });
  // The taint of bootstrap is not changed with roles; it is shown where it is.
  const taints = TAINTED_ROLES.filter((one) => one !== 'bootstrap' || on(before, 'taints', one) > 0);
  return [...ROLES.map(role), { kind: 'follow' }, ...taints.map(taint)];
}

const without = (roles: readonly Role[], role: Role): readonly Role[] => roles.filter((one) => one !== role);

/** Given to all, then taken from all, then as it was; what would change nothing on any node is left out. */
function roleToggled(view: RolesView, role: Role, before: Spread): RolesView {
  const asItWas = { ...view, add: without(view.add, role), remove: without(view.remove, role) };
  const given = { ...asItWas, add: [...asItWas.add, role] };
  const taken = { ...asItWas, remove: [...asItWas.remove, role] };
  if (view.add.includes(role)) return before === 'some' ? taken : asItWas;
  if (view.remove.includes(role)) return asItWas;
  return before === 'all' ? taken : given;
}

/** Taints set by hand: those that would be on every node, with one of them turned. */
function taintToggled(view: RolesView, role: Role, entries: readonly Entry[], of: number): RolesView {
  const everywhere = entries.flatMap((entry) => (entry.kind === 'taint' && entry.after === of ? [entry.role] : []));
  const roles = everywhere.includes(role)
    ? without(everywhere, role)
    : TAINTED_ROLES.filter((one) => one === role || everywhere.includes(one));
  return { ...view, taints: { mode: 'set', roles } };
}

/** What Space makes of each way; `dedicated` is passed by where it comes to the same. */
const NEXT_MODE = { proposed: 'dedicated', dedicated: 'kept', kept: 'proposed', set: 'proposed' } as const;

function followToggled(view: RolesView, nodes: Nodes): RolesView {
  const next: RolesView = { ...view, taints: { mode: NEXT_MODE[view.taints.mode] } };
  if (next.taints.mode !== 'dedicated') return next;
  const isOther = nodes.some((node) => !isSameStanding(standingAfter(node, next), standingAfter(node, view)));
  return isOther ? next : { ...view, taints: { mode: 'kept' } };
}

const note = (sentence: string): Outcome<RolesView> => ({ notice: { severity: 'note', sentence } });

function toggled(view: RolesView, entry: Entry, nodes: Nodes): Outcome<RolesView> {
  if (entry.kind === 'follow') return { view: followToggled(view, nodes) };
  if (entry.role === 'bootstrap') {
    return entry.kind === 'role'
      ? note('The role bootstrap is never given or taken: it marks the machine that the product was installed from.')
      : note('The taint of bootstrap is not changed with roles: the form for taints (t) removes it.');
  }
  return entry.kind === 'role'
    ? { view: roleToggled(view, entry.role, spreadOf(entry.before, nodes.length)) }
    : { view: taintToggled(view, entry.role, entriesOf(view, nodes), nodes.length) };
}

function previewed(view: RolesView, nodes: Nodes): Outcome<RolesView> {
  if (nodes.every((node) => isSameStanding(standingBefore(node), standingAfter(node, view))))
    return note('Nothing is changed yet: Space gives or takes a role or a taint.');
  return {
    push: planning(`Roles of ${namesOf(nodes)}`),
    requests: [{ type: 'plan', nodes: nodes.map(({ name }) => name), edit: editOf(view) }],
  };
}

const update: FormUpdate<RolesView, Entry> = (view, command, { nodes, entry }) => {
  switch (command) {
    case 'toggle':
      return entry === undefined ? nothing : toggled(view, entry, nodes);
    case 'preview':
      return previewed(view, nodes);
    default:
      return nothing;
  }
};

const BOXES: Readonly<Record<Spread, string>> = { all: '[x]', some: '[-]', none: '[ ]' };
const NAME_WIDTH = 14;
const FOLLOWS: Readonly<Record<RoleTaints['mode'], string>> = {
  proposed: 'as the product sets them for the roles of a node',
  dedicated: 'as the product sets them on a node that is kept for its roles',
  kept: 'not changed',
  set: 'set by hand',
};

const words = (...texts: readonly string[]): Span =>
  styled(
    'label',
    texts
      .filter((text) => text !== '')
      .map((text) => `   ${text}`)
      .join(''),
  );

/** What becomes of a role or a taint that changes on some node, and by whom. */
function changeWords(entry: Extract<Entry, { role: Role }>, { taints }: RolesView, of: number): string {
  const { kind, before, after } = entry;
  const verbs = kind === 'role' ? (['given', 'taken'] as const) : (['set', 'removed'] as const);
  const change =
    `will be ${after > before ? verbs[0] : verbs[1]} ${shareWords(Math.abs(after - before), of)}`.trimEnd();
  const follows = kind === 'taint' && (taints.mode === 'proposed' || taints.mode === 'dedicated');
  return follows ? `${change}, as the product does for this set` : change;
}

function entrySpans(entry: Entry, view: RolesView, of: number): readonly Span[] {
  if (entry.kind === 'follow') return [plain(`     ${'taints'.padEnd(NAME_WIDTH)}`), words(FOLLOWS[view.taints.mode])];
  const { kind, role, before, after } = entry;
  const name = ` ${BOXES[spreadOf(after, of)]} ${(kind === 'taint' ? `taint ${role}` : role).padEnd(NAME_WIDTH)}`;
  const meaning = kind === 'role' ? MEANINGS[role] : '';
  if (before === after) return [plain(name), words(after === 0 ? '' : shareWords(after, of), meaning)];
  return [styled(after > before ? 'progress' : 'critical', name), words(changeWords(entry, view, of), meaning)];
}

/** Of which nodes the taints are left alone, because the product does not know such a set of roles. */
function notes(view: RolesView, nodes: Nodes): readonly string[] {
  const bySet = Map.groupBy(
    nodes.filter((node) => isLeftAlone(node, view)),
    (node) => list(standingAfter(node, view).roles),
  );
  return [...bySet].map(([set, alike]) => {
    const roles = set === '' ? 'without a role' : `with the roles ${set}`;
    return `The product has no taints of its own for a node ${roles}: those of ${namesOf(alike)} are left as they are.`;
  });
}

export const rolesScreen = formScreen<RolesView, Entry>({
  scope: 'roles',
  title: 'Roles of',
  entries: entriesOf,
  key: (entry) => (entry.kind === 'follow' ? entry.kind : `${entry.kind} ${entry.role}`),
  drawn: (entry, view, { length }) => entrySpans(entry, view, length),
  none: '',
  notes,
  prompt: '',
  grammar: '',
  update,
});
