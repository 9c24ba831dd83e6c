import { ONE_PAGE } from '../screens/headroom/layout.ts';
import { LISTS, SCOPES, type Scope } from './scopes.ts';

type KeyEntry = {
  readonly command: string;
  /** Names as key-names.ts gives them; two letters pressed in turn are written together ("gg"). */
  readonly keys: readonly string[];
  readonly scopes: readonly Scope[] | 'everywhere';
  /** A word for the footer; null keeps it to the help. */
  readonly foot: string | null;
  readonly help: string;
  /** The key leads to a change of the cluster; it is not offered when nothing can be written. */
  readonly writes?: true;
  /** Screens from this width on have no use for the key: the footer leaves it away. */
  readonly footBelow?: number;
};

/**
 * Every key of the console: the one table that the dispatcher, the footer, the help and docs/keys.md are made from.
 * A command is offered in the scopes it names; within one scope no key stands twice.
 */
export const KEY_TABLE = [
  { command: 'down', keys: ['down', 'j'], scopes: LISTS, foot: null, help: 'one row down' },
  { command: 'up', keys: ['up', 'k'], scopes: LISTS, foot: null, help: 'one row up' },
  { command: 'page-down', keys: ['pagedown', 'ctrl-f', 'ctrl-d'], scopes: LISTS, foot: null, help: 'one page down' },
  { command: 'page-up', keys: ['pageup', 'ctrl-b', 'ctrl-u'], scopes: LISTS, foot: null, help: 'one page up' },
  { command: 'first', keys: ['home', 'gg'], scopes: LISTS, foot: null, help: 'first row' },
  { command: 'last', keys: ['end', 'G'], scopes: LISTS, foot: null, help: 'last row' },

  { command: 'open', keys: ['enter'], scopes: ['nodes'], foot: 'open', help: 'open the page of the node' },
  {
    command: 'open',
    keys: ['enter'],
    scopes: ['pending'],
    foot: 'open',
    help: 'all that is said of the pod, on a page',
  },
  { command: 'open', keys: ['enter'], scopes: ['etcd'], foot: 'open', help: 'all figures of the member, on a page' },
  {
    command: 'filter',
    keys: ['/'],
    scopes: ['nodes'],
    foot: 'filter',
    help: 'filter as you type: words that a row must contain',
  },
  {
    command: 'sort',
    keys: ['s'],
    scopes: ['nodes'],
    foot: 'sort',
    help: 'sort by a column; the same column again turns the order',
  },
  {
    command: 'group',
    keys: ['b'],
    scopes: ['nodes'],
    foot: 'group by',
    help: 'group by role, plane, a label or nothing; each group with its sums',
  },
  {
    command: 'mark',
    keys: ['space'],
    scopes: ['nodes'],
    foot: 'mark',
    help: 'mark the node: what is done next is done to all marked ones',
  },
  {
    command: 'labels',
    keys: ['l'],
    scopes: ['nodes', 'node'],
    foot: 'labels',
    help: 'add, change or remove labels',
    writes: true,
  },
  {
    command: 'taints',
    keys: ['t'],
    scopes: ['nodes', 'node'],
    foot: 'taints',
    help: 'add or remove taints',
    writes: true,
  },
  {
    command: 'roles',
    keys: ['o'],
    scopes: ['nodes', 'node'],
    foot: 'roles',
    help: 'give or take roles, their taints with them',
    writes: true,
  },
  {
    command: 'headroom',
    keys: ['h'],
    scopes: ['nodes', 'node'],
    foot: 'headroom',
    help: 'headroom: what is offered, requested, used and free, by group, plane and role',
  },
  {
    command: 'pending',
    keys: ['p'],
    scopes: ['nodes', 'node', 'headroom'],
    foot: 'pending',
    help: 'pending pods: why no node takes them, and what would let them in',
  },
  {
    command: 'loss',
    keys: ['x'],
    scopes: ['nodes', 'node'],
    foot: 'if lost',
    help: 'if lost: what the loss of this node would cost',
  },
  {
    command: 'loss',
    keys: ['x'],
    scopes: ['headroom'],
    foot: 'if lost',
    help: 'if lost: what the loss of the largest node would cost',
  },
  {
    command: 'fits',
    keys: ['f'],
    scopes: ['nodes', 'node', 'headroom', 'pending', 'pending-pod', 'loss'],
    foot: 'fits',
    help: 'fits: whether pods that you describe would find room, and where',
  },
  {
    command: 'etcd',
    keys: ['e'],
    scopes: ['nodes', 'node', 'headroom', 'control-plane'],
    foot: 'etcd',
    help: 'etcd: its members, quorum and how many may fail, what slows it, when it is full',
  },
  {
    command: 'control-plane',
    keys: ['C'],
    scopes: ['nodes', 'node', 'headroom', 'etcd'],
    foot: 'control plane',
    help: 'control plane: masters, API servers, leaders, services, certificates, the newest backup',
  },
  {
    command: 'cordon',
    keys: ['c'],
    scopes: ['nodes', 'node'],
    foot: 'cordon',
    help: 'cordon the node, or uncordon a cordoned one',
    writes: true,
  },
  {
    command: 'undo',
    keys: ['u'],
    scopes: ['nodes', 'node'],
    foot: 'undo',
    help: 'take the last operation back',
    writes: true,
  },

  { command: 'next-tab', keys: ['tab', 'right'], scopes: ['node'], foot: 'next part', help: 'next part of the page' },
  {
    command: 'previous-tab',
    keys: ['shift-tab', 'left'],
    scopes: ['node'],
    foot: null,
    help: 'previous part of the page',
  },

  {
    command: 'next-tab',
    keys: ['tab', 'right'],
    scopes: ['headroom'],
    foot: 'more columns',
    footBelow: ONE_PAGE,
    help: 'the columns that do not fit beside these',
  },
  {
    command: 'previous-tab',
    keys: ['shift-tab', 'left'],
    scopes: ['headroom'],
    foot: null,
    help: 'the columns before these',
  },

  {
    command: 'choose',
    keys: ['enter'],
    scopes: ['sort'],
    foot: 'sort by it',
    help: 'sort by this column; again turns the order',
  },
  { command: 'choose', keys: ['enter'], scopes: ['group'], foot: 'group by it', help: 'group the nodes by this' },
  {
    command: 'choose',
    keys: ['enter'],
    scopes: ['scenes'],
    foot: 'show it',
    help: 'end this cluster in a box and show that one',
  },

  {
    command: 'keep-filter',
    keys: ['enter'],
    scopes: ['filter'],
    foot: 'keep',
    help: 'keep the filter and go back to the list',
  },
  { command: 'clear-filter', keys: ['escape'], scopes: ['filter'], foot: 'clear', help: 'clear the filter' },

  {
    command: 'toggle',
    keys: ['space'],
    scopes: ['labels', 'taints'],
    foot: 'mark to remove',
    help: 'mark for removal, or keep',
  },
  {
    command: 'toggle',
    keys: ['space'],
    scopes: ['roles'],
    foot: 'give or take',
    help: 'give the role or the taint to the nodes, or take it from them',
  },
  {
    command: 'toggle-all',
    keys: ['a'],
    scopes: ['taints'],
    foot: 'all',
    help: 'mark all that an edit can remove for good',
  },
  { command: 'add', keys: ['+', 'n'], scopes: ['labels', 'taints'], foot: 'add', help: 'add one' },
  { command: 'change', keys: ['e'], scopes: ['labels'], foot: 'change', help: 'change the value' },
  {
    command: 'preview',
    keys: ['enter'],
    scopes: ['labels', 'taints', 'roles'],
    foot: 'preview',
    help: 'preview: exactly what will be sent, and what it does',
  },

  { command: 'accept', keys: ['enter'], scopes: ['input'], foot: 'take it', help: 'take what was typed' },
  { command: 'cancel', keys: ['escape'], scopes: ['input'], foot: 'leave it', help: 'leave it as it was' },

  { command: 'cancel', keys: ['escape'], scopes: ['fits'], foot: 'back', help: 'back' },
  { command: 'page-down', keys: ['pagedown'], scopes: ['fits'], foot: null, help: 'one page of the answer down' },
  { command: 'page-up', keys: ['pageup'], scopes: ['fits'], foot: null, help: 'one page of the answer up' },

  {
    command: 'defragment',
    keys: ['D'],
    scopes: ['etcd'],
    foot: 'defragment',
    help: 'defragment all members, one after the other, the leader last',
    writes: true,
  },
  {
    command: 'defragment',
    keys: ['D'],
    scopes: ['etcd-member'],
    foot: 'defragment',
    help: 'defragment this member',
    writes: true,
  },
  {
    command: 'disarm',
    keys: ['A'],
    scopes: ['etcd'],
    foot: 'disarm alarms',
    help: 'recover from the alarm NOSPACE: compact, defragment each member, disarm',
    writes: true,
  },
  {
    command: 'move-leader',
    keys: ['L'],
    scopes: ['etcd'],
    foot: 'move leader',
    help: 'let the healthiest follower lead',
    writes: true,
  },
  {
    command: 'move-leader',
    keys: ['L'],
    scopes: ['etcd-member'],
    foot: 'lead',
    help: 'let this member lead',
    writes: true,
  },
  {
    command: 'backup',
    keys: ['B'],
    scopes: ['etcd', 'control-plane'],
    foot: 'back up',
    help: 'back up now, as MetalK8s does every day',
    writes: true,
  },

  {
    command: 'apply',
    keys: ['enter'],
    scopes: ['confirm'],
    foot: 'do it',
    help: 'send what the preview shows, once the name is typed',
    writes: true,
  },
  { command: 'cancel', keys: ['escape'], scopes: ['confirm'], foot: 'back', help: 'back; nothing is sent' },
  { command: 'page-down', keys: ['pagedown'], scopes: ['confirm'], foot: null, help: 'one page of the plan down' },
  { command: 'page-up', keys: ['pageup'], scopes: ['confirm'], foot: null, help: 'one page of the plan up' },
  { command: 'apply', keys: ['y'], scopes: ['plan'], foot: 'do it', help: 'send what the preview shows', writes: true },
  {
    command: 'stop',
    keys: ['s'],
    scopes: ['running'],
    foot: 'stop after this step',
    help: 'send no further step; the one on its way is seen to its end',
  },
  { command: 'page-down', keys: ['pagedown'], scopes: ['running'], foot: null, help: 'one page of the plan down' },
  { command: 'page-up', keys: ['pageup'], scopes: ['running'], foot: null, help: 'one page of the plan up' },

  {
    command: 'next-problem',
    keys: ['!'],
    scopes: ['nodes', 'node', 'pending', 'pending-pod', 'headroom', 'loss', 'etcd', 'etcd-member', 'control-plane'],
    foot: 'worst',
    help: 'problems: the worst of what is wrong, and from there the next',
  },
  {
    command: 'help',
    keys: ['?'],
    scopes: LISTS.filter((scope) => scope !== 'help'),
    foot: 'help',
    help: 'what the keys do here',
  },
  {
    command: 'back',
    keys: ['escape', 'q'],
    scopes: LISTS.filter((scope) => scope !== 'nodes'),
    foot: 'back',
    help: 'back; nothing is sent',
  },
  {
    command: 'clear',
    keys: ['escape'],
    scopes: ['nodes'],
    foot: null,
    help: 'clear the marks, then the filter, and the message',
  },
  {
    command: 'scenes',
    keys: ['S'],
    scopes: ['nodes'],
    foot: null,
    help: 'scenes: with --demo, another cluster in a box, also with what goes wrong',
  },
  { command: 'quit', keys: ['q'], scopes: ['nodes'], foot: 'quit', help: 'leave the console' },
  {
    command: 'leave',
    keys: ['ctrl-c'],
    scopes: SCOPES.filter((scope) => scope !== 'running'),
    foot: null,
    help: 'leave the console from anywhere',
  },
  {
    command: 'leave',
    keys: ['ctrl-c'],
    scopes: ['running'],
    foot: 'leave before the end is known',
    help: 'leave the console; how the operation ended is then for the next start to tell',
  },
  {
    command: 'suspend',
    keys: ['ctrl-z'],
    scopes: 'everywhere',
    foot: null,
    help: 'suspend the console; fg brings it back',
  },
  { command: 'redraw', keys: ['ctrl-l'], scopes: 'everywhere', foot: null, help: 'draw the whole screen again' },
] as const satisfies readonly KeyEntry[];

export type Command = (typeof KEY_TABLE)[number]['command'];

/** The entries that work in a scope, in table order; without those that write when nothing can be written. */
export function keysOf(scope: Scope, mayWrite: boolean): readonly (KeyEntry & { readonly command: Command })[] {
  const entries: readonly (KeyEntry & { readonly command: Command })[] = KEY_TABLE;
  return entries.filter(
    (entry) =>
      (entry.scopes === 'everywhere' || entry.scopes.includes(scope)) && (mayWrite || entry.writes === undefined),
  );
}
